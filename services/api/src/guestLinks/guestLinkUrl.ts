import { idOfSecret } from '../security/secrets.ts';

/** The link to give away. Its code is in the fragment, which browsers send to no server and no log ever sees. */
export function guestLinkUrl(publicUrl: string, code: string): string {
  return `${publicUrl}/join#${code}`;
}

/** The code of a link, wherever its service was reached at the time; undefined when it is none. */
export function codeOfGuestLink(link: string): string | undefined {
  const code = URL.parse(link)?.hash.slice(1) ?? '';

  return idOfSecret(code) === undefined ? undefined : code;
}
