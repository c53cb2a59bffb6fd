import type { ReceptionState } from './workerMessages.ts';

/** One frame may be damaged, or be taken for encrypted by its last bits; so many in a row are not. */
const failuresToTell = 5;

interface Course {
  told: ReceptionState | undefined;
  failures: number;
}

/** Tells when the frames of one receiver begin or cease to be decrypted, each contributing source by itself. */
export class ReceptionReport {
  readonly #tell: (state: ReceptionState, contributingSource: number | undefined) => void;
  readonly #courses = new Map<number | undefined, Course>();

  constructor(tell: (state: ReceptionState, contributingSource: number | undefined) => void) {
    this.#tell = tell;
  }

  add(state: ReceptionState, contributingSource: number | undefined): void {
    const course = this.#courses.get(contributingSource) ?? { told: undefined, failures: 0 };
    this.#courses.set(contributingSource, course);
    course.failures = state === 'encrypted' ? 0 : course.failures + 1;
    if (course.told !== state && (state === 'encrypted' || course.failures >= failuresToTell)) {
      course.told = state;
      this.#tell(state, contributingSource);
    }
  }

  /** What is told next is told whatever was told before. */
  restart(): void {
    this.#courses.clear();
  }
}
