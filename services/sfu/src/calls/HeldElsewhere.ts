/** The call is held on another node, or would have to be: those who can be rung are there. */
export class HeldElsewhere extends Error {
  override readonly name = 'HeldElsewhere';
  /** Where clients reach the signaling of that node. */
  readonly url: string;

  constructor(url: string) {
    super('The call is held on another node.');
    this.url = url;
  }
}
