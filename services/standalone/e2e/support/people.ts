/** The people of the tests: each has a colour and a pitch of their own, so that a stream in the wrong tile shows. */
export interface Person {
  readonly name: string;
  /** sRGB, 0 to 255, of everything this person's camera sees. */
  readonly colour: readonly [red: number, green: number, blue: number];
  /** Hertz of everything this person's microphone hears. */
  readonly pitch: number;
}

export const alice: Person = { name: 'Alice', colour: [190, 70, 70], pitch: 440 };
export const bob: Person = { name: 'Bob', colour: [60, 160, 90], pitch: 660 };
export const carol: Person = { name: 'Carol', colour: [70, 90, 190], pitch: 880 };
export const dave: Person = { name: 'Dave', colour: [214, 170, 70], pitch: 1100 };
