import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../apps/cli/src/program.ts';
import { environmentName } from '../../apps/server/src/config/load.ts';
import { settings } from '../../apps/server/src/config/settings.ts';
import { mentionsOf, problemOf } from './mentions.ts';
import { anchorsOf, type Page, proseOf, readPages } from './pages.ts';

const root = join(import.meta.dirname, '../..');
const pages = readPages(root);
const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

function brokenLinks(page: Page): string[] {
  const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return targets.flatMap((target) => {
    if (/^(https?|mailto):/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page.path : normalize(join(dirname(page.path), path));
    if (!existsSync(join(root, file))) return [`${page.path}: ${target} is not there`];
    if (anchor === undefined) return [];
    const anchors = anchorsOf({ path: file, text: readFileSync(join(root, file), 'utf8') });
    return anchors.has(anchor) ? [] : [`${page.path}: ${target} has no such heading`];
  });
}

describe('documentation', () => {
  it('leads only to pages and headings that exist', () => {
    expect(pages.length).toBeGreaterThan(30);
    expect(pages.flatMap(brokenLinks)).toEqual([]);
  });

  it('names only verbs and options that the command has', () => {
    const program = createProgram();
    const mentions = pages.flatMap(mentionsOf);
    expect(mentions.length).toBeGreaterThan(30);
    const problems = mentions.flatMap((mention) => {
      const problem = problemOf(program, mention);
      return problem === undefined ? [] : [`${mention.page}: counterpoint ${mention.words.join(' ')}: ${problem}`];
    });
    expect(problems).toEqual([]);
  });

  it('names only scripts that package.json has', () => {
    const { scripts } = readJson('package.json') as { readonly scripts: Record<string, string> };
    const named = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)].map((match) => [path, match[1] ?? ''] as const),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(([, script]) => !Object.hasOwn(scripts, script))).toEqual([]);
  });

  it('names only settings that exist', () => {
    const variables = new Set(
      Object.keys(settings).flatMap((name) => [environmentName(name), `${environmentName(name)}_FILE`]),
    );
    for (const variable of ['COUNTERPOINT_URL', 'COUNTERPOINT_TOKEN', 'COUNTERPOINT_CONFIG']) variables.add(variable);
    const unknown = pages.flatMap(({ path, text }) => [
      ...[...text.matchAll(/--set ([a-z_]+(?:\.[a-z_]+)*)=/g)]
        .filter(([, name = '']) => !Object.hasOwn(settings, name))
        .map(([all]) => `${path}: ${all}`),
      ...[...text.matchAll(/\bCOUNTERPOINT_[A-Z_]+\b/g)]
        .filter(([name]) => !variables.has(name) && name !== 'COUNTERPOINT_SECTION__KEY')
        .map(([name]) => `${path}: ${name}`),
    ]);
    expect(unknown).toEqual([]);
  });

  it('lists every runtime dependency, with the licence that it declares', () => {
    const used = new Set<string>();
    for (const file of ['package.json', ...globSync('{packages/*,apps/*,lab,bench}/package.json', { cwd: root })]) {
      const { dependencies = {}, optionalDependencies = {} } = readJson(file);
      for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
        if (!name.startsWith('@counterpoint/')) used.add(name);
    }
    const page = readFileSync(join(root, 'docs/explanation/dependencies.md'), 'utf8');
    const listed = new Map(
      [...page.matchAll(/^\| `([^`]+)` \|.*\| ([\w.-]+) \|$/gm)].map((row) => [row[1] ?? '', row[2]]),
    );
    expect([...listed.keys()].sort()).toEqual([...used].sort());
    for (const [name, licence] of listed) {
      const manifest = join(root, 'node_modules', name, 'package.json');
      // Those of other platforms are not installed here.
      if (existsSync(manifest)) expect(JSON.parse(readFileSync(manifest, 'utf8')).license, name).toBe(licence);
    }
  });
});

describe('problemOf', () => {
  const problem = (line: string) => problemOf(createProgram(), { page: '', words: line.split(' ') });

  it('finds verbs, inner verbs and options that are not there', () => {
    expect(problem('explode')).toBe('there is no verb explode');
    expect(problem('effects undone')).toBe('effects has no verb undone');
    expect(problem('effects undo ID --reson x')).toBe('undo has no option --reson');
    expect(problem('effects undo ID --reason x --json')).toBeUndefined();
    expect(problem('validate my')).toBeUndefined();
  });
});
