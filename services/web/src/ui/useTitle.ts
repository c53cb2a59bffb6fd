import { useEffect } from 'react';

/** Names the tab for as long as the component is there, for somebody who looks at another one. */
export function useTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = title;

    return () => {
      document.title = before;
    };
  }, [title]);
}
