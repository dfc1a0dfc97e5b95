import { basename, join } from 'node:path';
import { rehearse } from '@counterpoint/engine';
import { type Normalizer, parseNormalizer, tryIngest } from '@counterpoint/ingest';
import { parseDocument } from '@counterpoint/playbook';
import { loadContent } from '@counterpoint/server';
import { describe, expect, it } from 'vitest';
import { examine } from '../../apps/cli/src/playbook-files/examine.ts';
import { type Fence, fencesOf, readPages } from './pages.ts';
import { requestProblem, requestsOf } from './requests.ts';

const root = join(import.meta.dirname, '../..');
const fences = readPages(root).flatMap(fencesOf);
const where = ({ page, line }: { readonly page: string; readonly line: number }) => `${page}:${line}`;
const marked = (mark: string) => fences.filter((fence) => fence.mark === mark);

/** The files that a block stands for: what it is named by, or its page. */
function fileOf({ page, mark, name, text }: Fence) {
  const id = name || basename(page, '.md');
  return { file: `${id}${mark === 'playbook-test' ? '.test' : ''}.yaml`, text, named: true };
}

describe('examples in the documentation', () => {
  it('are there', () => {
    for (const mark of ['playbook', 'playbook-test', 'normalizer', 'policy', 'sample'])
      expect(marked(mark), mark).not.toHaveLength(0);
  });

  it.each(fences.filter(({ language }) => language === 'json').map((fence) => [where(fence), fence] as const))(
    'are JSON where they say so: %s',
    (_where, { text }) => void JSON.parse(text),
  );

  it.each(fences.filter(({ language }) => language === 'yaml').map((fence) => [where(fence), fence] as const))(
    'are YAML where they say so: %s',
    (_where, { text }) => expect(parseDocument(text).findings).toEqual([]),
  );

  it.each(
    ['playbook', 'playbook-test', 'normalizer', 'policy', 'table', 'calendar']
      .flatMap(marked)
      .map((fence) => [where(fence), fence] as const),
  )('have no findings: %s', async (_where, fence) => {
    const declared = ['table', 'calendar'].flatMap(marked).filter(({ page }) => page === fence.page);
    const own = marked('playbook').filter(({ page, name }) => page === fence.page && name === fence.name);
    const beside = [...declared, ...own].filter((one) => one !== fence);
    const files = examine([...beside, fence].map(fileOf));
    expect(files.flatMap(({ findings }) => findings)).toEqual([]);
    for (const { rehearsable } of files) {
      if (!rehearsable) continue;
      for (const { name, passed, differences } of await rehearse({ ...rehearsable, file: rehearsable.tests }))
        expect(passed, `${name} ${JSON.stringify(differences)}`).toBe(true);
    }
  });

  it.each(marked('sample').map((fence) => [where(fence), fence] as const))(
    'are read as findings by the normaliser that they name: %s',
    async (_where, { text, name, page }) => {
      const own = marked('normalizer').flatMap((fence): Normalizer[] => {
        const { normalizer } = parseNormalizer(fence.text);
        return fence.page === page && normalizer ? [normalizer] : [];
      });
      const normalizers = new Map(loadContent().normalizers);
      for (const normalizer of own) normalizers.set(normalizer.id, normalizer);
      const { items } = await tryIngest(text, { normalizers, normalizer: name, now: 1_795_323_700_000 });
      expect(items.map(({ outcome, issues }) => [outcome, issues])).toEqual([['finding', []]]);
    },
  );

  it.each(
    fences
      .filter(({ language }) => language === 'sh')
      .flatMap(requestsOf)
      .map((request) => [`${request.method} ${request.path} at ${where(request)}`, request] as const),
  )('are requests that the server takes: %s', (_where, request) => {
    expect(requestProblem(request)).toBeUndefined();
  });
});

describe('requestProblem', () => {
  it('finds wrong paths, bodies and methods', () => {
    const shown = (text: string) => requestsOf({ page: 'p.md', line: 1, language: 'sh', mark: '', name: '', text });
    const problem = (text: string) => shown(text).map(requestProblem);
    expect(problem(`curl -sS $URL/api/v1/alert`)[0]).toContain('there is no GET /alert');
    expect(
      problem(`curl -X PUT $URL/api/v1/switches/global \\\n  -d '{ "engaged": 1,\n "reason": "x" }'`)[0],
    ).toContain('engaged');
    expect(problem(`curl $URL/api/v1/actions -d '{ connector: 1 }'`)[0]).toContain('no JSON');
    expect(problem(`curl -X PUT $URL/api/v1/switches/global -d '{ "engaged": true, "reason": "x" }'`)).toEqual([
      undefined,
    ]);
  });
});
