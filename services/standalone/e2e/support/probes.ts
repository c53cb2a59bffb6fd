import type { Person } from './people.ts';
import type { Tab } from './Tab.ts';

/** What the tests leave on a page's window to measure with; no code of the product knows of it. */
interface Probes {
  peerConnections: RTCPeerConnection[];
  /** Streams that a test's page keeps to be listened to, by a name. */
  streams: Map<string, MediaStream>;
}

declare global {
  interface Window {
    probes: Probes;
  }
}

/** Runs in the page before its scripts: remembers every peer connection, to ask it for statistics. */
export function installProbes(): void {
  const peerConnections: RTCPeerConnection[] = [];
  window.probes = { peerConnections, streams: new Map() };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peerConnections.push(this);
    }
  };
}

export interface Received {
  /** Audio packets received on all peer connections together. */
  audioPackets: number;
  /** Frames decoded of each video stream now received. */
  framesDecoded: number[];
}

export async function received(page: Tab): Promise<Received> {
  return page.evaluate(async () => {
    const result = { audioPackets: 0, framesDecoded: [] as number[] };
    for (const connection of window.probes.peerConnections) {
      if (connection.connectionState === 'closed') {
        continue;
      }
      const stats = await connection.getStats();
      stats.forEach((entry: RTCInboundRtpStreamStats) => {
        if (entry.type !== 'inbound-rtp') {
          return;
        }
        if (entry.kind === 'audio') {
          result.audioPackets += entry.packetsReceived ?? 0;
        } else {
          result.framesDecoded.push(entry.framesDecoded ?? 0);
        }
      });
    }

    return result;
  });
}

export interface SentEncoding {
  readonly rid: string | undefined;
  readonly active: boolean;
  readonly framesEncoded: number;
}

/** What the page's video senders encode, the smallest first. */
export async function sentEncodings(page: Tab): Promise<SentEncoding[]> {
  return page.evaluate(async () => {
    const result: SentEncoding[] = [];
    for (const connection of window.probes.peerConnections) {
      if (connection.connectionState !== 'closed') {
        (await connection.getStats()).forEach((entry: RTCOutboundRtpStreamStats) => {
          if (entry.type === 'outbound-rtp' && entry.kind === 'video') {
            const { rid, active = false, framesEncoded = 0 } = entry;
            result.push({ rid, active, framesEncoded });
          }
        });
      }
    }

    return result.toSorted((one, other) => (one.rid ?? '').localeCompare(other.rid ?? ''));
  });
}

export interface ReceivedVideo {
  readonly packets: number;
  readonly frameHeight: number;
}

/** The one video that the page receives; zeros while it receives none. */
export async function receivedVideo(page: Tab): Promise<ReceivedVideo> {
  return page.evaluate(async () => {
    let result = { packets: 0, frameHeight: 0 };
    for (const connection of window.probes.peerConnections) {
      if (connection.connectionState !== 'closed') {
        (await connection.getStats()).forEach((entry: RTCInboundRtpStreamStats) => {
          // mediasoup probes the bandwidth with a stream of its own, which shows nothing.
          if (entry.type === 'inbound-rtp' && entry.kind === 'video' && entry.mid !== 'probator') {
            result = { packets: entry.packetsReceived ?? 0, frameHeight: entry.frameHeight ?? 0 };
          }
        });
      }
    }

    return result;
  });
}

/** Mean colour of the top of the video that `selector` names, above all heads; undefined while it shows no frame. */
export async function colourOf(page: Tab, selector: string): Promise<number[] | undefined> {
  return page.evaluate((query) => {
    const video = document.querySelector<HTMLVideoElement>(query);
    if (video === null || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) {
      return undefined;
    }
    const canvas = new OffscreenCanvas(16, 16);
    const context = canvas.getContext('2d');
    if (context === null) {
      return undefined;
    }
    const { videoWidth: width, videoHeight: height } = video;
    context.drawImage(video, width / 4, 0, width / 2, height / 8, 0, 0, 16, 16);
    const { data } = context.getImageData(0, 0, 16, 16);
    const sums = [0, 0, 0];
    for (let index = 0; index < data.length; index += 4) {
      for (const channel of [0, 1, 2]) {
        sums[channel] = (sums[channel] ?? 0) + (data[index + channel] ?? 0);
      }
    }

    return sums.map((sum) => Math.round(sum / (data.length / 4)));
  }, selector);
}

/** Whether the colour is that person's and nobody else's: the people's colours are over 100 apart. */
export function isColourOf(colour: readonly number[] | undefined, person: Person): boolean {
  if (colour === undefined) {
    return false;
  }
  const distance = Math.hypot(...person.colour.map((value, channel) => value - (colour[channel] ?? 0)));

  return distance < 50;
}

/** Hertz of the loudest tone in the stream that the page's `streams` map holds under `name`; 0 in silence. */
export async function pitchOf(page: Tab, name: string): Promise<number> {
  return page.evaluate(async (key) => {
    const stream = window.probes.streams.get(key);
    if (stream === undefined) {
      return 0;
    }
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(stream).connect(analyser);
    const spectrum = new Float32Array(analyser.frequencyBinCount);
    // The tone comes in beeps: the loudest bin of several looks is that of a beep.
    let loudest = { decibels: -70, bin: 0 };
    for (let look = 0; look < 30; look += 1) {
      await new Promise(requestAnimationFrame);
      analyser.getFloatFrequencyData(spectrum);
      spectrum.forEach((decibels, bin) => {
        loudest = decibels > loudest.decibels ? { decibels, bin } : loudest;
      });
    }
    await context.close();

    return (loudest.bin * context.sampleRate) / analyser.fftSize;
  }, name);
}

/** Key frames that the page has encoded, of all layers together: each answers a request, as a rule. */
export async function keyFramesEncoded(page: Tab): Promise<number> {
  return page.evaluate(async () => {
    let sum = 0;
    for (const connection of window.probes.peerConnections) {
      if (connection.connectionState !== 'closed') {
        (await connection.getStats()).forEach(
          (entry: RTCOutboundRtpStreamStats & { keyFramesEncoded?: number }) => {
            sum += entry.type === 'outbound-rtp' ? (entry.keyFramesEncoded ?? 0) : 0;
          },
        );
      }
    }

    return sum;
  });
}
