import { useState } from 'react';
import { Check, Link } from 'lucide-react';
import type { Notices } from '../state/Notices.ts';
import { texts } from '../texts.ts';
import { Button } from '../ui/Button.tsx';
import { copyText } from '../ui/copyText.ts';

/** Puts a guest link into the clipboard, or shows it where that is not allowed. */
export function CopyLinkButton({ link, notices }: { link: string; notices: Notices }) {
  const [isCopied, setIsCopied] = useState(false);

  async function copy(): Promise<void> {
    const done = await copyText(link);
    setIsCopied(done);
    if (done) {
      notices.show(texts.home.linkCopied);
    } else {
      notices.show(texts.home.linkNotCopied, { link });
    }
  }

  return (
    <Button
      icon={isCopied ? <Check size={18} aria-hidden /> : <Link size={18} aria-hidden />}
      onClick={() => void copy()}
    >
      {texts.home.copyLink}
    </Button>
  );
}
