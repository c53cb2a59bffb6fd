import { forwardingRules } from '@parley/protocol';
import { pinProcess } from '@parley/test-kit/bench';
import { setTimeout as delay } from 'node:timers/promises';
import { workerPids } from '../../test/support/workerPids.ts';
import { InjectedCall } from './InjectedCall.ts';
import { Injector } from './Injector.ts';
import { cpuSecondsOf } from './workerCpu.ts';

export interface CurvePoint {
  readonly participants: number;
  /** Of one core: the worker's. */
  readonly cpuPercent: number;
}

export interface PolicyFigures {
  /** How many one worker core carries at a loss under 0.1 %. */
  readonly participantsOn: number;
  readonly participantsOff: number;
  readonly factor: number;
  /** With the policy on. */
  readonly curve: readonly CurvePoint[];
  /** What a participant costs at the curve's end, divided by that at its beginning: 1 where it is flat. */
  readonly growth: number;
  readonly generatorCpuPercent: number;
}

interface Carried {
  readonly participants: number;
  readonly points: readonly CurvePoint[];
  readonly generatorCpuPercent: number;
}

const maxLoss = 0.001;
const settleMs = 4_000;
const countMs = 4_000;
const pageSize = 9;
/** Participants whose packets are counted. */
const counted = 4;
const steps = {
  on: Array.from({ length: 14 }, (_, step) => (step + 1) * 25),
  off: Array.from({ length: 24 }, (_, step) => 16 + step * 2),
};

/**
 * How many people who all speak and all send their camera one worker core carries: with the forwarding policy, where
 * everyone shows nine small tiles, and without it, where everyone is sent everything. Rejects when the numbers tried are
 * all too many or all too few.
 */
export async function measurePolicy(): Promise<PolicyFigures> {
  const on = await carry([], steps.on, pageSize);
  const off = await carry([...forwardingRules], steps.off, Infinity);

  const curve = on.points.filter(({ participants }) => participants <= 100);

  return {
    participantsOn: on.participants,
    participantsOff: off.participants,
    factor: on.participants / off.participants,
    curve,
    growth: costOf(curve.at(-1)) / costOf(curve[0]),
    generatorCpuPercent: Math.max(on.generatorCpuPercent, off.generatorCpuPercent),
  };
}

/** Of one participant; NaN without a point. */
function costOf({ cpuPercent, participants }: CurvePoint = { cpuPercent: 0, participants: 0 }): number {
  return cpuPercent / participants;
}

async function carry(
  rulesOff: readonly (typeof forwardingRules)[number][],
  sizes: readonly number[],
  shown: number,
): Promise<Carried> {
  await using opened = new AsyncDisposableStack();
  const injector = await Injector.start(1);
  opened.defer(() => injector.close());
  const call = opened.use(
    await InjectedCall.start({ injector, rulesOff: [...rulesOff], camera: 'simulcast', counted }),
  );
  const [pid = Number.NaN] = workerPids();
  pinProcess(pid, 0);
  const points: CurvePoint[] = [];
  let carried = 0;
  let isFull = false;
  let generatorCpuPercent = 0;

  for (const size of sizes) {
    try {
      await call.grow(size);
      await call.showPages(shown);
    } catch (error) {
      console.log(`  ${size} participants: ${String(error)}`);
      isFull = true;
      break;
    }
    await delay(settleMs);
    injector.reset();
    const before = { worker: cpuSecondsOf(pid), generator: (await injector.report()).cpuSeconds };
    await delay(countMs);
    const { received, lost, cpuSeconds, worstLatenessMs } = await injector.report();
    const seconds = countMs / 1000;
    const cpuPercent = Math.round(((cpuSecondsOf(pid) - before.worker) / seconds) * 1000) / 10;
    const generator = ((cpuSeconds - before.generator) / seconds) * 100;
    const loss = lost / (received + lost);
    console.log(
      `  ${size} participants: worker ${cpuPercent} %, loss ${(loss * 100).toFixed(3)} % of ${received}, ` +
        `generator ${generator.toFixed(0)} %, ${worstLatenessMs.toFixed(0)} ms late at worst`,
    );
    isFull = loss >= maxLoss || received === 0;
    if (isFull) {
      break;
    }
    points.push({ participants: size, cpuPercent });
    carried = size;
    generatorCpuPercent = Math.max(generatorCpuPercent, Math.round(generator));
  }

  // Neither is a figure: how many fewer it carries than the least that was tried, or how many more than the most.
  if (carried === 0) {
    throw new Error(`The worker does not carry the ${sizes[0]} participants that are tried first.`);
  }
  if (!isFull) {
    throw new Error(`The worker carries all ${carried} participants that are tried: try more.`);
  }

  return { participants: carried, points, generatorCpuPercent };
}
