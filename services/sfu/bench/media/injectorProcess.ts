import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import process from 'node:process';
import type { InjectedSender, InjectorReady, InjectorReport, InjectorRequest } from './messages.ts';
import { RtpStream } from './RtpStream.ts';
import { SequenceCounter } from './SequenceCounter.ts';
import { SrtpSender } from './Srtp.ts';

/** The process that sends what participants would send, encrypted, and counts what they would receive. */

const tickMs = 5;
const reportEveryMs = 500;
/** Decibels below full scale of every packet of sound: people who all speak. */
const level = Buffer.from([0x80 | 25]);
const host = '127.0.0.1';

interface Sender {
  readonly port: number;
  readonly srtp: SrtpSender;
  readonly socket: Socket;
  readonly streams: { readonly stream: RtpStream; readonly ssrc: number; isSending: boolean }[];
  reportedAtMs: number;
}

const senders: Sender[] = [];
const counters = new Map<number, SequenceCounter>();
let sentBefore = 0;
let worstLatenessMs = 0;

const [counted, ignored] = [await openSocket(), await openSocket()];
counted.setRecvBufferSize(8 * 1024 * 1024);
counted.on('message', (packet) => {
  // RTCP shares the port (RFC 5761): its packet types are 192 to 223.
  const type = packet[1] ?? 0;
  if (type >= 192 && type <= 223) {
    return;
  }
  const ssrc = packet.readUInt32BE(8);
  const counter = counters.get(ssrc) ?? new SequenceCounter();
  counters.set(ssrc, counter);
  counter.count(packet.readUInt16BE(2));
});
ignored.setRecvBufferSize(4_096);
// Bound and not read: what does not fit into the buffer is dropped by the kernel.
ignored.removeAllListeners('message');

process.on('message', (request: InjectorRequest) => void obey(request));
send({ countedPort: counted.address().port, ignoredPort: ignored.address().port } satisfies InjectorReady);
let dueAtMs = Date.now();
const timer = setInterval(tick, tickMs);
await once(process, 'disconnect');
clearInterval(timer);
[counted, ignored, ...senders.map(({ socket }) => socket)].forEach((socket) => socket.close());

async function obey(request: InjectorRequest): Promise<void> {
  switch (request.name) {
    case 'add': {
      await add(request.sender);
      break;
    }
    case 'setSending': {
      for (const { streams } of senders) {
        for (const entry of streams.filter(({ ssrc }) => ssrc === request.ssrc)) {
          entry.isSending = request.isSending;
        }
      }
      break;
    }
    case 'reset': {
      counters.clear();
      sentBefore = sentSoFar();
      worstLatenessMs = 0;
      break;
    }
    case 'report': {
      const { user, system } = process.cpuUsage();
      const counts = [...counters.values()];
      send({
        sent: sentSoFar() - sentBefore,
        received: counts.reduce((sum, { received }) => sum + received, 0),
        lost: counts.reduce((sum, { lost }) => sum + lost, 0),
        cpuSeconds: (user + system) / 1_000_000,
        worstLatenessMs,
      } satisfies InjectorReport);
      break;
    }
    default:
      request satisfies never;
  }
}

async function add({ port, key, streams }: InjectedSender): Promise<void> {
  const nowMs = Date.now();
  senders.push({
    port,
    srtp: new SrtpSender(Buffer.from(key, 'base64')),
    socket: await openSocket(),
    reportedAtMs: 0,
    streams: streams.map(({ audioLevelId, ...options }) => ({
      ssrc: options.ssrc,
      isSending: true,
      stream: new RtpStream(
        { ...options, extensions: audioLevelId === undefined ? [] : [{ id: audioLevelId, value: level }] },
        nowMs,
      ),
    })),
  });
}

function tick(): void {
  const nowMs = Date.now();
  worstLatenessMs = Math.max(worstLatenessMs, nowMs - dueAtMs - tickMs);
  dueAtMs = nowMs;
  for (const sender of senders) {
    const isReportDue = nowMs - sender.reportedAtMs >= reportEveryMs;
    sender.reportedAtMs = isReportDue ? nowMs : sender.reportedAtMs;
    for (const { stream, isSending } of sender.streams) {
      if (!isSending) {
        stream.skip(nowMs);
        continue;
      }
      if (isReportDue) {
        sender.socket.send(stream.report(sender.srtp, nowMs), sender.port, host);
      }
      for (let due = stream.due(nowMs); due > 0; due -= 1) {
        sender.socket.send(stream.next(sender.srtp, nowMs), sender.port, host);
      }
    }
  }
}

function sentSoFar(): number {
  return senders.flatMap(({ streams }) => streams).reduce((sum, { stream }) => sum + stream.sent, 0);
}

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, host);
  await once(socket, 'listening');

  return socket;
}

function send(message: object): void {
  process.send?.(message);
}
