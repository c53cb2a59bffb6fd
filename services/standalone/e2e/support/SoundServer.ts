import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { beeps, sampleRate } from './fakeMedia.ts';

const run = promisify(execFile);

const startLimitMs = 10_000;

/** What this machine lacks to start a sound server, as a sentence without its full stop. */
export async function missingForSound(): Promise<string | undefined> {
  try {
    await Promise.all(['pulseaudio', 'pactl', 'pacat'].map((program) => run(program, ['--version'])));

    return undefined;
  } catch {
    return 'tests of real microphones need PulseAudio: as root npm run setup installs it';
  }
}

/** A PulseAudio of a test's own, without any device at first. It shares nothing with one that the machine may run. */
export class SoundServer implements AsyncDisposable {
  /** For programs that are to take their devices from it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #daemon: ChildProcess;
  /** The module of each one's speaker. */
  readonly #headsets = new Map<string, string>();
  readonly #players: ChildProcess[] = [];

  private constructor(folder: string, daemon: ChildProcess) {
    this.#folder = folder;
    this.#daemon = daemon;
    this.environment = { PULSE_SERVER: `unix:${join(folder, 'socket')}`, ...placesIn(folder) };
  }

  static async start(): Promise<SoundServer> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-sound-'));
    // Else it moves whoever listens to a microphone that is gone over to another, and nobody is told.
    await writeFile(join(folder, 'daemon.conf'), 'rescue-streams = no\n');
    const socket = `module-native-protocol-unix auth-anonymous=1 socket=${join(folder, 'socket')}`;
    const daemon = spawn(
      'pulseaudio',
      ['-n', '-v', '--daemonize=no', '--use-pid-file=no', '--exit-idle-time=-1', `--load=${socket}`],
      {
        env: { PATH: process.env['PATH'], PULSE_CONFIG: join(folder, 'daemon.conf'), ...placesIn(folder) },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const started = Promise.withResolvers<void>();
    const said: string[] = [];
    createInterface({ input: daemon.stderr }).on('line', (line) => {
      said.push(line);
      if (line.includes('Daemon startup complete')) {
        started.resolve();
      }
    });
    daemon.once('error', started.reject);
    daemon.once('exit', () => started.reject(new Error(`PulseAudio ended: ${said.join('\n')}`)));
    const timer = setTimeout(
      () => started.reject(new Error(`PulseAudio does not start: ${said.join('\n')}`)),
      startLimitMs,
    );
    await started.promise.finally(() => clearTimeout(timer));

    return new SoundServer(folder, daemon);
  }

  /** Plugs in a headset: a speaker, and a microphone that hears what is played. @param name One word. */
  async plugIn(name: string): Promise<void> {
    const described = (what: string): string => `device.description="${name}\\ ${what}"`;
    const speaker = await this.#load('module-null-sink', `sink_name=${name}`, [
      `sink_properties=${described('speaker')}`,
    ]);
    // Browsers list no monitors.
    await this.#load('module-remap-source', `source_name=${name}-microphone`, [
      `master=${name}.monitor`,
      `source_properties=${described('microphone')}`,
    ]);
    this.#headsets.set(name, speaker);
  }

  /** Its microphone is the system's choice from now on. */
  async choose(name: string): Promise<void> {
    await this.#control('set-default-source', `${name}-microphone`);
  }

  /** Pulls it out, as hands do: whoever uses it is not asked. */
  async unplug(name: string): Promise<void> {
    // The microphone goes with it, in the same moment.
    await this.#control('unload-module', this.#headsets.get(name) ?? '');
  }

  /** Plays the beeps of that pitch to the microphone of a headset, over and over. */
  play(name: string, pitch: number): void {
    const sound = beeps(pitch);
    const format = ['--raw', '--format=s16le', '--channels=1', `--rate=${sampleRate}`];
    const player = spawn('pacat', ['--playback', `--device=${name}`, '--latency-msec=100', ...format], {
      env: { ...process.env, ...this.environment },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // It ends with its device.
    player.stdin.on('error', () => {});
    Readable.from(endless(sound)).pipe(player.stdin);
    this.#players.push(player);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of [...this.#players, this.#daemon]) {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #load(module: string, name: string, options: readonly string[]): Promise<string> {
    return this.#control('load-module', module, name, ...options);
  }

  async #control(...command: string[]): Promise<string> {
    const { stdout } = await run('pactl', command, { env: { ...process.env, ...this.environment } });

    return stdout.trim();
  }
}

/** What it and its clients would else keep in the home of whoever runs the tests. */
function placesIn(folder: string): Record<string, string> {
  return {
    HOME: folder,
    PULSE_RUNTIME_PATH: folder,
    PULSE_STATE_PATH: folder,
    PULSE_COOKIE: join(folder, 'cookie'),
  };
}

function* endless(sound: Buffer): Generator<Buffer> {
  for (;;) {
    yield sound;
  }
}
