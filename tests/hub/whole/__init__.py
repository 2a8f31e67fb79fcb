"""The whole way from a broker to the board, over sockets."""
