"""`zaigang-sim conform`: tells somebody else's agent, or hub, which rules of docs/protocol.md it breaks."""
