import { failureLines, findingLines, type TestedFile } from './report.ts';

type Attributes = Readonly<Record<string, string | number>>;

/** Characters that XML 1.0 cannot hold in any form (section 2.2). */
const UNSAYABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

function escapeXml(text: string): string {
  return text
    .replace(UNSAYABLE, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}

function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  const inner = children.flatMap((child) => child.split('\n').map((line) => `  ${line}`)).join('\n');
  return inner === '' ? `<${name}${said.join('')}/>` : `<${name}${said.join('')}>\n${inner}\n</${name}>`;
}

const seconds = (millis: number): string => (millis / 1000).toFixed(3);

/**
 * Results as JUnit XML, as CI servers read it: a suite for each file, a case for each test, a `failure` with every
 * reason. A file that cannot run is a case with an `error`.
 */
export function reportJunit(files: readonly TestedFile[]): string {
  const suites = files.map(suiteOf);
  const sum = (count: 'tests' | 'failures' | 'errors' | 'millis') => suites.reduce((all, one) => all + one[count], 0);
  const totals = {
    tests: sum('tests'),
    failures: sum('failures'),
    errors: sum('errors'),
    time: seconds(sum('millis')),
  };
  const root = element(
    'testsuites',
    { name: 'counterpoint', ...totals },
    suites.map(({ xml }) => xml),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function suiteOf(tested: TestedFile) {
  const { file, results } = tested;
  const wrong = findingLines(tested);
  const cases = results.map((result) => {
    const { name, millis, passed } = result;
    const lines = failureLines(file, result);
    const failure = element('failure', { message: lines[0] ?? '', type: 'difference' }, [
      lines.map(escapeText).join('\n'),
    ]);
    return element('testcase', { classname: file, name, time: seconds(millis) }, passed ? [] : [failure]);
  });
  const error = element('error', { message: wrong[0] ?? '', type: 'finding' }, [wrong.map(escapeText).join('\n')]);
  const broken =
    wrong.length === 0 ? [] : [element('testcase', { classname: file, name: 'the file', time: '0.000' }, [error])];
  const counts = {
    tests: cases.length + broken.length,
    failures: results.filter(({ passed }) => !passed).length,
    errors: broken.length,
  };
  const millis = results.reduce((all, one) => all + one.millis, 0);
  const xml = element('testsuite', { name: file, ...counts, time: seconds(millis) }, [...cases, ...broken]);
  return { ...counts, millis, xml };
}

function escapeText(text: string): string {
  return escapeXml(text.replaceAll('\n', ' '));
}
