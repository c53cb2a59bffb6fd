import type { Observable } from '../events.ts';
import { carryingEvents, eventOf, publicClasses, type PublicClass } from './publicSurface.ts';

type Watched = Observable<Record<string, never[]>> & Record<string, unknown>;

interface Follow {
  readonly of: PublicClass;
  readonly object: Watched;
  /** As each was when its event said so last. */
  readonly told: Map<string, unknown>;
}

/**
 * Follows objects of the public surface, and those they lead to, through whatever is done to them: no property may be found
 * another than its event has said.
 */
export class SurfaceWatch {
  /** Properties that are told of by an event of another name. */
  readonly #otherEvents: Readonly<Record<string, string>>;
  readonly #leadsTo: Readonly<Record<string, string>>;
  readonly #follows = new Map<object, Follow>();
  /** Properties that were another at some time, and had said so: `Call.state`. */
  readonly changed = new Set<string>();
  readonly faults: string[] = [];

  constructor(otherEvents: Record<string, string>, leadsTo: Record<string, string>) {
    this.#otherEvents = otherEvents;
    this.#leadsTo = leadsTo;
  }

  follow(name: string, something: object): void {
    const of = publicClasses.find((known) => known.name === name);
    if (of === undefined || this.#follows.has(something)) {
      return;
    }
    const object = something as Watched;
    const told = new Map(of.properties.map((property) => [property, valueOf(object, property)]));
    this.#follows.set(something, { of, object, told });
    for (const property of of.properties) {
      const event = this.#otherEvents[`${name}.${property}`] ?? eventOf(of, property);
      if (event !== undefined) {
        object.on(event, (...args) => {
          if (event.endsWith('Changed') && !carryingEvents.includes(`${name}.${event}`) && args.length > 0) {
            this.faults.push(`${name}.${event} carries something`);
          }
          this.#hear(name, object, property, told);
        });
      }
    }
    this.#reach(of, object);
  }

  /** To be called when everything that a step has brought about has happened. */
  check(step: string): void {
    for (const { of, object, told } of this.#follows.values()) {
      for (const property of of.properties) {
        const value = valueOf(object, property);
        if (!isSame(value, told.get(property))) {
          this.faults.push(`${of.name}.${property} by ${step}`);
          told.set(property, value);
        }
      }
      this.#reach(of, object);
    }
  }

  #hear(name: string, object: Watched, property: string, told: Map<string, unknown>): void {
    const value = valueOf(object, property);
    if (!isSame(value, told.get(property))) {
      told.set(property, value);
      this.changed.add(`${name}.${property}`);
    }
  }

  #reach({ properties }: PublicClass, object: Watched): void {
    for (const property of properties) {
      const name = this.#leadsTo[property];
      const value = object[property];
      if (name !== undefined) {
        [value].flat().forEach((found) => this.follow(name, found as object));
      }
    }
  }
}

/** A list is remembered as it is at the moment. */
function valueOf(object: Watched, property: string): unknown {
  const value = object[property];

  return Array.isArray(value) ? [...(value as unknown[])] : value;
}

/** Objects without a class of their own are what is in them. */
function isSame(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isSame(item, right[index]));
  }

  return isPlain(left) && isPlain(right)
    ? JSON.stringify(left) === JSON.stringify(right)
    : Object.is(left, right);
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
