/** The call of the room is held on another node. */
export class HeldElsewhere extends Error {
  override readonly name = 'HeldElsewhere';
  /** Where clients reach the signaling of that node. */
  readonly url: string;

  constructor(url: string) {
    super('The call of the room is held on another node.');
    this.url = url;
  }
}
