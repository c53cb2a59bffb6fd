import { useLayoutEffect, useState, type RefObject } from 'react';
import type { Space } from './stageLayout.ts';

/** The inner size of an element, kept up to date. */
export function useSize(target: RefObject<HTMLElement | null>): Space {
  const [size, setSize] = useState<Space>({ width: 0, height: 0 });

  useLayoutEffect(() => {
    const element = target.current;
    if (element === null) {
      return undefined;
    }
    const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();

    return () => observer.disconnect();
  }, [target]);

  return size;
}
