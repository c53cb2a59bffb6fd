import { ManagementError } from './ManagementError.ts';
import type { Problem } from './models.ts';

/** The body of an answer; throws a `ManagementError` for one that is not good. */
export async function readAnswer(response: Response): Promise<unknown> {
  if (!response.ok) {
    throw await readProblem(response);
  }
  if (response.status === 204) {
    return undefined;
  }
  try {
    return await response.json();
  } catch (cause) {
    throw unexpected(response, cause);
  }
}

/** Seconds of `Retry-After`, which some proxies write as a date (RFC 9110, section 10.2.3). */
function retryAfterOf({ headers }: Response): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) {
    return undefined;
  }
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;

  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

async function readProblem(response: Response): Promise<ManagementError> {
  let problem: Partial<Problem>;
  try {
    problem = (await response.json()) as Partial<Problem>;
  } catch (cause) {
    return unexpected(response, cause);
  }
  const { code, detail, title, errors } = problem;

  return code === undefined
    ? unexpected(response, undefined)
    : new ManagementError({ ...whereabouts(response), code, detail: detail ?? title ?? code, errors });
}

function unexpected(response: Response, cause: unknown): ManagementError {
  const detail = `The answer with status ${response.status} is none of Parley's.`;

  return new ManagementError({ ...whereabouts(response), code: 'unexpected_answer', detail, cause });
}

function whereabouts(response: Response) {
  return {
    status: response.status,
    retryAfterSeconds: retryAfterOf(response),
    requestId: response.headers.get('x-request-id') ?? undefined,
  };
}
