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
  /** What came in and went out over all turns of Parley and of the bare router: the ratio is of equal work. */
  readonly forwardedPackets: Packets;
  readonly forwardedPacketsBare: Packets;
}

interface Packets {
  readonly in: number;
  readonly out: number;
}

interface Contender {
  readonly pid: number;
  readonly ssrcs: readonly number[];
  /** Packets that have left so far, to all receivers. */
  packetsOut(): Promise<number>;
}

const rounds = 20;
const turnMs = 1_200;
const settleMs = 150;
/** Who forwards fewer packets of those it takes in than that has saved work, and not done it faster. */
const maxShortfall = 0.01;
/** As many as load the worker well, so that what it does beside forwarding weighs what it weighs in earnest. */
const size = 14;

/**
 * The same people, voice and camera, each received by all others, take turns through Parley and two bare routers. Rejects
 * when Parley does not forward what the bare router forwards.
 */
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
    packetsOut: () => call.packetsOut(),
  };
  const bare = opened.use(await BareCall.start({ injector, size, firstIndex: 100 }));
  const other = opened.use(await BareCall.start({ injector, size, firstIndex: 200 }));
  const contenders = [ours, bare, other] as const;
  for (const { pid, ssrcs } of contenders) {
    pinProcess(pid, 0);
    ssrcs.forEach((ssrc) => injector.setSending(ssrc, false));
  }

  const packets = new Map<Contender, Packets>();

  /** Packets taken in for each second of the worker's work. Who asks for what has left is not there to be measured. */
  async function turn(contender: Contender): Promise<number> {
    const { pid, ssrcs } = contender;
    const outBefore = await contender.packetsOut();
    injector.reset();
    ssrcs.forEach((ssrc) => injector.setSending(ssrc, true));
    await delay(settleMs);
    const { sent: sentBefore } = await injector.report();
    const before = cpuSecondsOf(pid);
    await delay(turnMs);
    const spent = cpuSecondsOf(pid) - before;
    const { sent } = await injector.report();
    ssrcs.forEach((ssrc) => injector.setSending(ssrc, false));
    await delay(settleMs);
    const { sent: sentInAll } = await injector.report();
    const out = (await contender.packetsOut()) - outBefore;
    const earlier = packets.get(contender) ?? { in: 0, out: 0 };
    packets.set(contender, { in: earlier.in + sentInAll, out: earlier.out + out });

    return (sent - sentBefore) / spent;
  }

  // Pictures begin with a key frame, for which those in the first turn wait.
  for (const contender of contenders) {
    await turn(contender);
  }
  packets.clear();

  const ratios = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const [a, b, c] = [await turn(ours), await turn(bare), await turn(other)];
    const [c2, b2, a2] = [await turn(other), await turn(bare), await turn(ours)];
    ratios.ours.push((a + a2) / (b + b2));
    ratios.bare.push((c + c2) / (b + b2));
  }

  const [forwardedPackets, forwardedPacketsBare] = [packetsOf(ours), packetsOf(bare)];
  requireEqualWork(forwardedPackets, forwardedPacketsBare);

  return {
    forwardingRatio: percentile(ratios.ours, 0.5),
    forwardingRatioAA: percentile(ratios.bare, 0.5),
    forwardedPackets,
    forwardedPacketsBare,
  };

  function packetsOf(contender: Contender): Packets {
    return packets.get(contender) ?? { in: 0, out: 0 };
  }
}

function requireEqualWork(ours: Packets, bare: Packets): void {
  const [each, eachBare] = [ours.out / ours.in, bare.out / bare.in];
  if (!(each >= eachBare * (1 - maxShortfall))) {
    throw new Error(
      `Parley forwards each packet ${each.toFixed(2)} times, and the bare router ${eachBare.toFixed(2)} times.`,
    );
  }
}
