import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Person } from './people.ts';

const width = 640;
const height = 360;
const framesPerSecond = 20;
export const sampleRate = 48_000;

export interface MediaFiles {
  readonly video: string;
  readonly audio: string;
}

/** Writes the files that Chromium plays as the person's camera and microphone, over and over. */
export async function writeMediaFiles(person: Person, folder: string): Promise<MediaFiles> {
  const files = {
    video: join(folder, `${person.name}.y4m`),
    audio: join(folder, `${person.name}.wav`),
  };
  await mkdir(folder, { recursive: true });
  await Promise.all([writeFile(files.video, y4m(person.colour)), writeFile(files.audio, wav(person.pitch))]);

  return files;
}

/** Two seconds of somebody in front of a wall of their colour, swaying a little, so that frames differ. */
function y4m(colour: Person['colour']): Buffer {
  const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`);
  const [wall, figure] = [fullRangeYuv(colour), fullRangeYuv(tint(colour))];
  const frameCount = framesPerSecond * 2;
  const frames = Array.from({ length: frameCount }, (_, index) => {
    const sway = Math.round(12 * Math.sin((2 * Math.PI * index) / frameCount));
    const planes = [1, 2, 2].map((scale, plane) => {
      const values = Buffer.alloc((width / scale) * (height / scale), wall[plane]);
      for (let y = 0; y < height / scale; y += 1) {
        for (let x = 0; x < width / scale; x += 1) {
          if (isInFigure(x * scale - sway, y * scale)) {
            values[y * (width / scale) + x] = figure[plane] ?? 0;
          }
        }
      }

      return values;
    });

    return Buffer.concat([Buffer.from('FRAME\n'), ...planes]);
  });

  return Buffer.concat([header, ...frames]);
}

/** Head and shoulders. */
function isInFigure(x: number, y: number): boolean {
  const head = Math.hypot(x - width / 2, y - height * 0.46) < height * 0.16;
  const shoulders = Math.hypot((x - width / 2) / 1.15, y - height * 1.08) < height * 0.42;

  return head || shoulders;
}

const tint = ([red, green, blue]: Person['colour']): Person['colour'] => [
  Math.round(red + (255 - red) * 0.7),
  Math.round(green + (255 - green) * 0.7),
  Math.round(blue + (255 - blue) * 0.7),
];

/** ITU-T T.871 (JFIF). */
function fullRangeYuv([red, green, blue]: Person['colour']): [number, number, number] {
  return [
    Math.round(0.299 * red + 0.587 * green + 0.114 * blue),
    Math.round(128 - 0.168736 * red - 0.331264 * green + 0.5 * blue),
    Math.round(128 + 0.5 * red - 0.418688 * green - 0.081312 * blue),
  ];
}

/**
 * Two seconds of short beeps, 16 bits a sample, at `sampleRate`: the browser's noise suppression takes a steady tone for
 * noise and removes it.
 */
export function beeps(pitch: number): Buffer {
  const samples = sampleRate * 2;
  const data = Buffer.alloc(samples * 2);
  for (let index = 0; index < samples; index += 1) {
    const seconds = index / sampleRate;
    const inBeep = seconds % 0.4;
    const envelope = inBeep < 0.25 ? Math.sin((Math.PI * inBeep) / 0.25) : 0;
    data.writeInt16LE(
      Math.round(envelope * 0.5 * 32_767 * Math.sin(2 * Math.PI * pitch * seconds)),
      index * 2,
    );
  }

  return data;
}

function wav(pitch: number): Buffer {
  const data = beeps(pitch);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);

  return Buffer.concat([header, data]);
}
