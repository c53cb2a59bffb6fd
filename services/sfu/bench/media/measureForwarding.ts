import { percentile, pinProcess } from '@parley/test-kit/bench';
import { setTimeout as delay } from 'node:timers/promises';
import { workerPids } from '../../test/support/workerPids.ts';
import { BareCall } from './BareCall.ts';
import { InjectedCall } from './InjectedCall.ts';
import { Injector } from './Injector.ts';
import { injectedCamera, injectedMicrophone } from './streams.ts';
import { cpuSecondsOf } from './workerCpu.ts';

export interface ForwardingFigures {
  /** Packets for each CPU second of the worker through Parley, divided by those through a bare router. */
  readonly forwardingRatio: number;
  /** The same of two bare routers: what the machine's noise alone makes of it. */
  readonly forwardingRatioAA: number;
}

interface Contender {
  readonly pid: number;
  readonly ssrcs: readonly number[];
}

const rounds = 20;
const turnMs = 1_200;
const settleMs = 150;
/** As many as load the worker well, so that what it does beside forwarding weighs what it weighs in earnest. */
const size = 14;

/** The same people, voice and camera, each received by all others, take turns through Parley and two bare routers. */
export async function measureForwarding(): Promise<ForwardingFigures> {
  await using opened = new AsyncDisposableStack();
  const injector = await Injector.start(1);
  opened.defer(() => injector.close());
  const call = opened.use(
    await InjectedCall.start({ injector, rulesOff: ['loudestAudio'], camera: 'single', counted: 0 }),
  );
  await call.grow(size);
  await call.showPages(size - 1);
  const [ourPid = Number.NaN] = workerPids();
  const ours: Contender = {
    pid: ourPid,
    ssrcs: Array.from({ length: size }, (_, index) =>
      [injectedMicrophone(index), injectedCamera(index, 'single')].flatMap(({ streams }) =>
        streams.map(({ ssrc }) => ssrc),
      ),
    ).flat(),
  };
  const bare = opened.use(await BareCall.start({ injector, size, firstIndex: 100 }));
  const other = opened.use(await BareCall.start({ injector, size, firstIndex: 200 }));
  const contenders = [ours, bare, other] as const;
  for (const { pid, ssrcs } of contenders) {
    pinProcess(pid, 0);
    ssrcs.forEach((ssrc) => injector.setSending(ssrc, false));
  }

  /** Packets taken in for each second of the worker's work. */
  async function turn({ pid, ssrcs }: Contender): Promise<number> {
    ssrcs.forEach((ssrc) => injector.setSending(ssrc, true));
    await delay(settleMs);
    injector.reset();
    const before = cpuSecondsOf(pid);
    await delay(turnMs);
    const spent = cpuSecondsOf(pid) - before;
    const { sent } = await injector.report();
    ssrcs.forEach((ssrc) => injector.setSending(ssrc, false));

    return sent / spent;
  }

  const ratios = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const [a, b, c] = [await turn(ours), await turn(bare), await turn(other)];
    const [c2, b2, a2] = [await turn(other), await turn(bare), await turn(ours)];
    ratios.ours.push((a + a2) / (b + b2));
    ratios.bare.push((c + c2) / (b + b2));
  }

  return {
    forwardingRatio: percentile(ratios.ours, 0.5),
    forwardingRatioAA: percentile(ratios.bare, 0.5),
  };
}
