/** Whether the clipboard took it: browsers refuse without a secure context or the person's consent. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);

    return true;
  } catch {
    return false;
  }
}
