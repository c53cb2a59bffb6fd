/** Uses of the names in one row of docs/aliases.md. */
export interface Names {
  /** Undefined where the one has no such thing. */
  readonly seed?: () => Promise<void>;
  readonly released?: () => Promise<void>;
}
