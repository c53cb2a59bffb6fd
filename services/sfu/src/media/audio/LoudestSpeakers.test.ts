import { describe, expect, it } from 'vitest';
import { LoudestSpeakers, type SlotChange } from './LoudestSpeakers.ts';
import { Voice } from './Voice.ts';

const speech = 30;
const silence = 127;

/** A conversation at one packet in 20 ms from each of its voices. */
class Conversation {
  readonly loudest: LoudestSpeakers;
  readonly changes: (SlotChange & { atMs: number })[] = [];
  readonly voices = [
    new Voice('anna'),
    new Voice('ben'),
    new Voice('carl'),
    new Voice('dora'),
    new Voice('emil'),
  ] as const;
  readonly levels = new Map<Voice, number>();
  nowMs = 1_000;

  constructor(slotCount: number) {
    this.loudest = new LoudestSpeakers(slotCount);
    this.voices.forEach((voice) => this.levels.set(voice, silence));
  }

  pass(ms: number): void {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs; this.nowMs += 20) {
      for (const [voice, level] of this.levels) {
        const change = this.loudest.hear(voice, level, this.nowMs);
        if (change !== undefined) {
          this.changes.push({ ...change, atMs: this.nowMs });
        }
      }
    }
  }

  speak(voice: Voice, level: number = speech): void {
    this.levels.set(voice, level);
  }

  /** A pause between two sentences. */
  breathe(voice: Voice): void {
    this.speak(voice, silence);
    this.pass(400);
    this.speak(voice);
  }

  get heard(): string[] {
    return [...this.levels.keys()]
      .filter((voice) => this.loudest.slotOf(voice) !== undefined)
      .map(({ participantId }) => participantId);
  }
}

describe('a slot', () => {
  it('is given to the first packet of somebody who begins to speak while one is free', () => {
    const talk = new Conversation(2);
    const [anna] = talk.voices;
    talk.pass(100);
    talk.speak(anna);
    const beganAtMs = talk.nowMs;
    talk.pass(20);

    expect(talk.changes).toMatchObject([{ slot: 0, enters: anna, leaves: undefined, atMs: beganAtMs }]);
  });

  it('stays with somebody who has fallen silent until another needs it, who gets it at once', () => {
    const talk = new Conversation(2);
    const [anna, ben, carl] = talk.voices;
    talk.speak(anna);
    talk.pass(1_000);
    talk.speak(ben);
    talk.pass(500);
    talk.speak(ben, silence);
    talk.pass(1_000);
    expect(talk.heard).toEqual(['anna', 'ben']);

    talk.speak(carl);
    talk.pass(20);
    expect(talk.heard).toEqual(['anna', 'carl']);
  });

  it('is free again when its holder is muted', () => {
    const talk = new Conversation(2);
    const [anna] = talk.voices;
    talk.speak(anna);
    talk.pass(1_000);

    expect(talk.loudest.forget(anna)).toBe(0);
    expect(talk.loudest.dominant).toBeUndefined();
    expect(talk.loudest.holderOf(0)).toBeUndefined();
  });

  it('is taken from the one who has been silent for longest', () => {
    const talk = new Conversation(3);
    const [anna, ben, carl, dora] = talk.voices;
    for (const voice of [anna, ben, carl]) {
      talk.speak(voice);
      talk.pass(1_500);
      talk.speak(voice, silence);
    }
    talk.pass(1_000);
    talk.speak(dora);
    talk.pass(20);

    expect(talk.changes.at(-1)).toMatchObject({ enters: dora, leaves: anna });
  });

  it('changes its owner within 300 ms when another begins as they end', () => {
    const talk = new Conversation(2);
    const [anna, ben, carl] = talk.voices;
    talk.speak(anna);
    talk.pass(2_000);
    talk.breathe(anna);
    talk.speak(ben);
    talk.pass(2_000);
    expect(talk.loudest.dominant).toBe(anna);

    talk.speak(ben, silence);
    talk.speak(carl);
    const beganAtMs = talk.nowMs;
    talk.pass(1_000);

    const change = talk.changes.at(-1);
    expect(change).toMatchObject({ enters: carl, leaves: ben });
    expect((change?.atMs ?? Infinity) - beganAtMs).toBeLessThan(300);
  });

  it('is not handed to and fro between voices of the same loudness', () => {
    const talk = new Conversation(3);
    talk.voices.forEach((voice) => talk.speak(voice));
    talk.pass(10_000);

    expect(talk.changes).toHaveLength(3);
  });

  it('is not taken by a click while all who have one speak', () => {
    const talk = new Conversation(2);
    const [anna, ben, carl] = talk.voices;
    talk.speak(anna);
    talk.speak(ben);
    talk.pass(2_000);
    talk.speak(carl, 20);
    talk.pass(20);
    talk.speak(carl, silence);
    talk.pass(500);

    expect(talk.heard).toEqual(['anna', 'ben']);
  });

  it('is not kept from somebody who speaks by voices that claim to be as loud as can be without a pause', () => {
    const talk = new Conversation(4);
    const [alice, ...forgers] = talk.voices;
    forgers.forEach((voice) => talk.speak(voice, 0));
    talk.pass(7_000);
    talk.speak(alice, 26);
    talk.pass(20);
    expect(talk.heard).toContain('anna');

    talk.pass(1_000);
    expect(talk.loudest.dominant).toBe(alice);
    talk.pass(1_000);
    expect(talk.heard).toContain('anna');
  });

  it('is not gained by claiming to be louder than anybody speaks', () => {
    const talk = new Conversation(2);
    const [anna, ben, carl] = talk.voices;
    talk.speak(anna);
    talk.pass(400);
    talk.speak(ben, 22);
    talk.pass(300);
    talk.speak(carl, 0);
    talk.pass(100);

    expect(talk.heard).toEqual(['anna', 'ben']);
  });

  it('is one for all the devices of a user, the one that is heard best', () => {
    const devices = ['first', 'second', 'third'].map((id) => new Voice(id, 'mallory'));
    const [first, second, third] = devices;
    const talk = new Conversation(4);
    devices.forEach((voice, position) => {
      talk.levels.set(voice, 50 - 10 * position);
      talk.pass(400);
    });

    expect(devices.filter((voice) => talk.loudest.slotOf(voice) !== undefined)).toEqual([third]);
    expect(talk.changes).toMatchObject([
      { enters: first, leaves: undefined },
      { enters: second, leaves: first },
      { enters: third, leaves: second },
    ]);
  });

  it('goes to whoever is louder than the least loud', () => {
    const talk = new Conversation(2);
    const [anna, ben, carl] = talk.voices;
    talk.speak(anna, 20);
    talk.pass(1_500);
    talk.speak(ben, 45);
    talk.pass(1_500);
    talk.speak(carl, 25);
    talk.pass(300);

    expect(talk.heard).toEqual(['anna', 'carl']);
  });
});

describe('who holds the floor', () => {
  it('keeps the slot in a pause, whoever is louder', () => {
    const talk = new Conversation(2);
    const [anna, ben, carl, dora] = talk.voices;
    talk.speak(anna);
    talk.pass(1_500);
    talk.breathe(anna);
    talk.pass(1_500);
    talk.speak(anna, silence);
    [ben, carl, dora].forEach((voice) => talk.speak(voice, 10));
    talk.pass(300);

    expect(talk.loudest.dominant).toBe(anna);
    expect(talk.heard).toContain('anna');
  });

  it('is somebody else a second after they have begun and the other has stopped', () => {
    const talk = new Conversation(2);
    const [anna, ben] = talk.voices;
    talk.speak(anna);
    talk.pass(3_000);
    talk.speak(anna, silence);
    talk.speak(ben);
    talk.pass(1_000);

    expect(talk.loudest.dominant).toBe(ben);
    expect(talk.loudest.speakersAt(talk.nowMs).map(({ participantId }) => participantId)).toEqual(['ben']);
  });
});
