import type { RequestAnswer } from '@parley/protocol';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { samplesIn } from '../../test/support/samples.ts';
import { SfuMetrics } from '../metrics/SfuMetrics.ts';
import { measureRequest } from './measureRequest.ts';

describe('an entrance is counted by what came of it', () => {
  it.for(['joined', 'lobby', 'redirect'] as const)('as %s, once', async (action) => {
    const registry = new Registry();
    const metrics = new SfuMetrics(registry);
    const answer: Pick<RequestAnswer<'joinRoom'>, 'action'> = { action };
    const joinRoom = { name: 'joinRoom', data: { roomId: 'room' } } as const;
    measureRequest(joinRoom, { endpointId: 'device', metrics }).answered(answer);

    expect(await samplesIn(registry, 'parley_joins_total', { outcome: action })).toBe(1);
    expect(await samplesIn(registry, 'parley_joins_total')).toBe(1);
  });
});
