export { assertNever } from './assertNever.ts';
export { systemClock, type Clock, type Timer } from './clock.ts';
export { createDeferred, type Deferred } from './deferred.ts';
export { Disposer, type Disposable } from './Disposer.ts';
export { Emitter, type EventMap, type Listener } from './Emitter.ts';
export { InterruptibleClock } from './InterruptibleClock.ts';
export { SerialQueue, QueueClosedError } from './SerialQueue.ts';
export { createStateMachine, InvalidTransitionError, type StateMachine } from './stateMachine.ts';
export { retry, exponentialBackoff, type RetryOptions, type RetryPolicy } from './retry.ts';
