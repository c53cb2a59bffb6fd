import type { CSSProperties, Ref } from 'react';

export interface VideoBoxProps {
  readonly className?: string | undefined;
  readonly style?: CSSProperties | undefined;
}

/** The element that a picture is shown in. @param isFlipped Whether it is the other way round than the SDK shows it there. */
export function VideoBox({
  target,
  isFlipped,
  className,
  style,
}: VideoBoxProps & { readonly target: Ref<HTMLDivElement>; readonly isFlipped: boolean }) {
  return (
    <div
      ref={target}
      className={className}
      style={{ overflow: 'hidden', ...(isFlipped ? { transform: 'scaleX(-1)' } : {}), ...style }}
    />
  );
}
