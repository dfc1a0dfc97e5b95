/** The text of a style sheet as it is; null for anything that could be markup: without a `<` no element begins. */
export function styleText(text: string): string | null {
  return text.includes('<') ? null : text;
}
