"""A card reader's chip and the cards held to it, down to the bytes on the line."""
