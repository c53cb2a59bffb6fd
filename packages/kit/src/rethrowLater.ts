declare function queueMicrotask(callback: () => void): void;

/** Has the error of somebody else's code reach a page's own error reporting, and breaks nothing here. */
export function rethrowLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
