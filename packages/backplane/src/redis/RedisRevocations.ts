import { maxTokenSeconds } from '@parley/protocol';
import type { RevocableToken, Revocation, RevocationSubject } from '../admission.ts';
import { Revocations } from '../Revocations.ts';
import type { AdmissionChanges } from './AdmissionChanges.ts';
import { complete, putRevocations } from './admissionScripts.ts';
import type { RedisLink } from './RedisLink.ts';

/** The longest life of a token, and an hour for clocks that differ. */
const memoryMs = (maxTokenSeconds + 60 * 60) * 1000;

/** Put in one step. */
const batch = 500;

/**
 * The revocations as this process knows them, which are asked about at every request: all of them, read whenever the
 * link comes up, and each as it is told of. While Redis is away those known count on; without a list nobody can know.
 */
export class RedisRevocations {
  readonly #link: RedisLink;
  readonly #changes: AdmissionChanges;
  readonly #onRevoked: (revocation: Revocation) => void;
  readonly #known = new Revocations();
  #hasCompleteList = false;

  constructor(link: RedisLink, changes: AdmissionChanges, onRevoked: (revocation: Revocation) => void) {
    this.#link = link;
    this.#changes = changes;
    this.#onRevoked = onRevoked;
  }

  /** Reads all there are. */
  async load(isComplete: boolean): Promise<void> {
    const list = this.#link.key('revocations');
    const found = await this.#link.ask((client) => client.zrange(list, '0', '-1', 'WITHSCORES'));
    for (let index = 0; index < found.length; index += 2) {
      this.take(found[index] ?? '', Number(found[index + 1]));
    }
    if (isComplete) {
      this.#hasCompleteList = true;
    }
  }

  /** The list is complete from here on. */
  complete(): void {
    this.#hasCompleteList = true;
  }

  take(subject: string, revokedBeforeMs: number): void {
    const revocation = { ...readSubject(subject), revokedBeforeMs };
    if (this.#known.add(revocation)) {
      this.#onRevoked(revocation);
    }
  }

  isRevoked(token: RevocableToken): boolean | undefined {
    return this.#hasCompleteList ? this.#known.void(token) : undefined;
  }

  async put(revocations: readonly Revocation[]): Promise<void> {
    for (let first = 0; first < revocations.length; first += batch) {
      const some = revocations.slice(first, first + batch);
      const pairs = some.flatMap((one) => [writeSubject(one), one.revokedBeforeMs]);
      await this.#changes.make(putRevocations, memoryMs, ...pairs);
    }
  }

  async putAll(revocations: readonly Revocation[]): Promise<void> {
    await this.put(revocations);
    await this.#changes.make(complete);
  }
}

function writeSubject({ applicationId, subject }: Revocation): string {
  switch (subject.kind) {
    case 'user':
      return JSON.stringify([applicationId, subject.kind, subject.userId]);
    case 'grant':
      return JSON.stringify([applicationId, subject.kind, subject.grantId]);
    default:
      return JSON.stringify([applicationId, subject.kind]);
  }
}

function readSubject(text: string): { applicationId: string; subject: RevocationSubject } {
  const [applicationId, kind, id = ''] = JSON.parse(text) as [string, RevocationSubject['kind'], string?];
  switch (kind) {
    case 'user':
      return { applicationId, subject: { kind, userId: id } };
    case 'grant':
      return { applicationId, subject: { kind, grantId: id } };
    default:
      return { applicationId, subject: { kind } };
  }
}
