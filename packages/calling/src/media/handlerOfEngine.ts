/**
 * The mediasoup-client handler that suits this page's engine, by what only one of them has: a browser inside an application
 * names itself as it likes.
 */
export function handlerOfEngine(): 'Firefox120' | 'Safari12' | 'Chrome111' {
  if ('mozInnerScreenX' in globalThis) {
    return 'Firefox120';
  }

  return 'GestureEvent' in globalThis ? 'Safari12' : 'Chrome111';
}
