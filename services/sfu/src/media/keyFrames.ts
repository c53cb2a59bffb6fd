/**
 * Chromium drops a key-frame request that follows another within 300 ms, and mediasoup asks again only after a
 * second: somebody who joins just after somebody else would wait that long for the first frame. A producer with
 * this delay gathers what is asked for in the meantime into one request.
 */
export const keyFrameRequestDelayMs = 350;
