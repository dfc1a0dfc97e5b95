/** What is left of a text after its beginning was sent: whoever writes on while it is on its way loses nothing. */
export function unsent(text: string, sent: string): string {
  const begun = text.trimStart();
  return begun.startsWith(sent) ? begun.slice(sent.length).trimStart() : text;
}
