import { listedDelays, type RetryPolicy } from '@parley/kit';

/** The first attempt is made at once; these are the waits before the others, which all clients take a part of by chance. */
const delaysMs = [300, 1_200, 2_700, 4_800, 7_000];

/** For as long as somebody wants the connection. */
export const untilConnected: RetryPolicy = listedDelays({ delaysMs, atEnd: 'repeat the last' });

/** For a path of media, of which one day it must be said that there is none. */
export const untilGivenUp: RetryPolicy = listedDelays({ delaysMs, atEnd: 'give up' });
