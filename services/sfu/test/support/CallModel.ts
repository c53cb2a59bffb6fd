import type { CallKind, EndReasonName } from '@parley/protocol';

type Place =
  | { readonly state: 'out' }
  | { readonly state: 'ringing'; readonly untilMs: number; readonly offlineAtMs?: number }
  | { readonly state: 'connected' }
  | { readonly state: 'reconnecting'; readonly untilMs: number };

export interface ModelPerson {
  place: Place;
  /** How many devices are connected. */
  devices: number;
  /** Whom the call has rung or had in it. */
  isMember: boolean;
  isRemoved: boolean;
  isOnHold: boolean;
  /** Why they were out last, of those who had been in; told to a client that was there and had not left by itself. */
  ended?: { readonly reason: EndReasonName; readonly atMs: number; readonly isTold: boolean };
  /** Why it rang no more the last time. */
  rungOut?: EndReasonName;
}

const ringingMs = 60_000;
const aloneMs = 60_000;
const graceMs = 30_000;
const reloadMs = 5_000;

export interface ModelOptions {
  readonly caller: string;
  readonly callees: readonly string[];
  /** Those who can be added. */
  readonly others: readonly string[];
  /** How many each of them has at first. */
  readonly devices: number;
}

/**
 * What a direct or group call is supposed to do, said a second time and more simply: one place a person, and no
 * concurrency.
 */
export class CallModel {
  state: 'ringing' | 'connected' | 'ended' = 'ringing';
  /** Why it has ended. */
  reason: EndReasonName | undefined;
  nowMs = 0;
  kind: CallKind;
  readonly people: ReadonlyMap<string, ModelPerson>;
  #aloneUntilMs: number | undefined;

  constructor({ caller, callees, others, devices }: ModelOptions) {
    const person = (place: Place): ModelPerson => ({
      place,
      devices,
      isMember: place.state !== 'out',
      isRemoved: false,
      isOnHold: false,
    });
    this.kind = callees.length === 1 ? 'direct' : 'group';
    this.people = new Map([
      [caller, person({ state: 'connected' })],
      ...callees.map((callee) => [callee, person({ state: 'ringing', untilMs: ringingMs })] as const),
      ...others.map((other) => [other, person({ state: 'out' })] as const),
    ]);
  }

  of(userId: string): ModelPerson {
    const person = this.people.get(userId);
    if (person === undefined) {
      throw new TypeError(`There is no ${userId}.`);
    }

    return person;
  }

  is(userId: string, state: Place['state']): boolean {
    return this.state !== 'ended' && this.of(userId).place.state === state;
  }

  enter(userId: string): void {
    const person = this.of(userId);
    if (person.place.state === 'ringing') {
      this.state = 'connected';
      person.rungOut = 'answered_elsewhere';
    }
    person.place = { state: 'connected' };
    this.#watchSolitude();
  }

  mayJoin(userId: string): boolean {
    const { isMember, isRemoved } = this.of(userId);

    return this.state !== 'ended' && this.kind === 'group' && isMember && !isRemoved;
  }

  add(userId: string): void {
    const person = this.of(userId);
    this.kind = 'group';
    person.place = { state: 'ringing', untilMs: this.nowMs + ringingMs };
    person.isMember = true;
    person.isRemoved = false;
    this.#watchSolitude();
  }

  remove(userId: string): void {
    this.of(userId).isRemoved = true;
    this.leave(userId, 'removed');
  }

  /** Out of the call, or rung no more. */
  leave(userId: string, reason: EndReasonName): void {
    this.#putOut(userId, reason, reason !== 'hangup');
    if (this.kind === 'direct') {
      this.end(reason);

      return;
    }
    const present = this.#in('connected', 'reconnecting');
    if (present === 0 || (this.state === 'ringing' && this.#in('ringing') === 0)) {
      this.end(reason);
    } else {
      this.#watchSolitude();
    }
  }

  end(reason: EndReasonName): void {
    this.state = 'ended';
    this.reason = reason;
    this.#aloneUntilMs = undefined;
    for (const userId of this.people.keys()) {
      this.#putOut(userId, reason, true, 'canceled');
    }
  }

  /** The device they are in the call with, or one of those that ring. */
  drop(userId: string): void {
    const person = this.of(userId);
    person.devices -= 1;
    if (person.place.state === 'connected') {
      person.place = { state: 'reconnecting', untilMs: this.nowMs + graceMs };
    } else if (person.place.state === 'ringing' && person.devices === 0) {
      person.place = { ...person.place, offlineAtMs: this.nowMs + reloadMs };
    }
  }

  connect(userId: string): void {
    const person = this.of(userId);
    person.devices += 1;
    if (person.place.state === 'ringing') {
      person.place = { state: 'ringing', untilMs: person.place.untilMs };
    }
  }

  advance(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let due = this.#due(untilMs); due !== undefined; due = this.#due(untilMs)) {
      this.nowMs = due.atMs;
      due.happen();
    }
    this.nowMs = untilMs;
  }

  #putOut(userId: string, reason: EndReasonName, isTold: boolean, rungOut = reason): void {
    const person = this.of(userId);
    const { state } = person.place;
    if (state === 'connected' || state === 'reconnecting') {
      person.ended = { reason, atMs: this.nowMs, isTold: isTold && state === 'connected' };
    } else if (state === 'ringing') {
      // Who only rings is told nothing of a call they were never in.
      person.rungOut = rungOut === 'removed' ? 'canceled' : rungOut;
    }
    person.place = { state: 'out' };
    person.isOnHold = false;
  }

  #in(...states: readonly Place['state'][]): number {
    return [...this.people.values()].filter(({ place }) => states.includes(place.state)).length;
  }

  #watchSolitude(): void {
    const isAlone = this.state === 'connected' && this.#in('connected', 'reconnecting', 'ringing') === 1;
    this.#aloneUntilMs = isAlone ? (this.#aloneUntilMs ?? this.nowMs + aloneMs) : undefined;
  }

  #due(untilMs: number): { readonly atMs: number; readonly happen: () => void } | undefined {
    const dues = [...this.people].flatMap(([userId, { place }]) => {
      const at = (atMs: number, reason: EndReasonName) => ({
        atMs,
        happen: () => this.leave(userId, reason),
      });
      switch (place.state) {
        case 'ringing':
          return [
            at(place.untilMs, 'no_answer'),
            ...(place.offlineAtMs === undefined ? [] : [at(place.offlineAtMs, 'offline')]),
          ];
        case 'reconnecting':
          return [at(place.untilMs, 'connection_lost')];
        default:
          return [];
      }
    });
    const alone = this.#aloneUntilMs;
    const all = alone === undefined ? dues : [...dues, { atMs: alone, happen: () => this.end('alone') }];

    return all.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
  }
}
