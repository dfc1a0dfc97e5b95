import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a page: what stands behind the three backticks, and what is inside. */
export interface Fence {
  readonly page: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  /** Such as `sh`. */
  readonly language: string;
  /** Such as `normalizer` of `yaml normalizer`. */
  readonly mark: string;
  /** Such as `my_edr` of `json sample my_edr`. */
  readonly name: string;
  readonly text: string;
}

/** A page of the documentation. */
export interface Page {
  /** Under the root. */
  readonly path: string;
  readonly text: string;
}

const PAGES = ['*.md', 'docs/**/*.md', 'content/**/*.md', 'packages/connectors/src/*/README.md'];

/** Every page that people read, by path. */
export function readPages(root: string): readonly Page[] {
  return globSync(PAGES, { cwd: root })
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The fenced blocks of a page, in order. */
export function fencesOf({ path, text }: Page): readonly Fence[] {
  return [...text.matchAll(/^```(\w+)(?: (\S+))?(?: (\S+))?\n([\s\S]*?)^```$/gm)].map((match) => ({
    page: path,
    line: text.slice(0, match.index).split('\n').length,
    language: match[1] ?? '',
    mark: match[2] ?? '',
    name: match[3] ?? '',
    text: match[4] ?? '',
  }));
}

/** A page without its fenced blocks, line by line. */
export function proseOf({ text }: Page): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}

/** The inline code of a page. */
export function spansOf(page: Page): readonly string[] {
  return [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
}

/** The anchors of a page's headings, as code hosts make them. */
export function anchorsOf({ text }: Page): ReadonlySet<string> {
  const headings = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map(
    (match) => match[1] ?? '',
  );
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** A command line in a shell block, with continued lines joined. */
export function commandsOf(fence: Fence): readonly string[] {
  return fence.text
    .replace(/ *\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
