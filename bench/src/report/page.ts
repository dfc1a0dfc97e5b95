import { errors } from '../errors.ts';

const begin = (name: string) => `<!-- figures: ${name} -->`;
const end = (name: string) => `<!-- end of figures: ${name} -->`;

/**
 * Puts figures into a page, between the two comments that keep their place.
 *
 * @param file name of the page, for the error
 * @throws bench.page_without_place
 */
export function fillSection(page: string, name: string, text: string, file: string): string {
  const from = page.indexOf(begin(name));
  const to = page.indexOf(end(name));
  if (from < 0 || to < from) throw errors.page_without_place({ file, name, begin: begin(name), end: end(name) });
  return `${page.slice(0, from)}${begin(name)}\n\n${text}\n\n${page.slice(to)}`;
}
