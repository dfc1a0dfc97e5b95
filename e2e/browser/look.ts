import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seriousFindings } from './support/axe.ts';
import { complaintsOf, openBrowser } from './support/browser.ts';
import { OWNER, scrollsSideways, settled, signIn } from './support/console.ts';

/**
 * Takes pictures of one screen of a running console, in every theme and width asked for, and says what is wrong with it:
 *
 *   node e2e/browser/look.ts --url http://127.0.0.1:7300 --path /runs --out /tmp/runs --themes dark,light --widths 360,1280,2560
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:7300' },
    path: { type: 'string', default: '/' },
    out: { type: 'string', default: 'look' },
    themes: { type: 'string', default: 'dark,light' },
    widths: { type: 'string', default: '360,1280,2560' },
    height: { type: 'string', default: '900' },
    name: { type: 'string', default: OWNER.name },
    password: { type: 'string', default: OWNER.password },
    wait: { type: 'string', default: '700' },
    click: { type: 'string', multiple: true, default: [] },
  },
});

const browser = await openBrowser();
mkdirSync(values.out, { recursive: true });
const HEIGHTS: Readonly<Record<string, number>> = { '360': 780, '2560': 1300 };
const storage = await signedIn();

async function signedIn() {
  const context = await browser.newContext({ baseURL: values.url });
  const page = await context.newPage();
  await signIn(page, { name: values.name, password: values.password });
  const state = await context.storageState();
  await context.close();
  return state;
}

for (const theme of values.themes.split(',')) {
  for (const width of values.widths.split(',')) {
    const context = await browser.newContext({
      baseURL: values.url,
      storageState: storage,
      colorScheme: theme === 'light' ? 'light' : 'dark',
      viewport: { width: Number(width), height: HEIGHTS[width] ?? Number(values.height) },
    });
    const complaints = complaintsOf(context);
    const page = await context.newPage();
    await page.goto(values.path);
    await settled(page).catch((error: Error) => process.stdout.write(`not settled: ${error.message.split('\n')[0]}\n`));
    for (const selector of values.click) await page.locator(selector).first().click();
    await page.waitForTimeout(Number(values.wait));
    const file = join(values.out, `${theme}-${width}.png`);
    await page.screenshot({ path: file });
    const findings = [...complaints.all, ...(await seriousFindings(page))];
    if (await scrollsSideways(page)) findings.push('scrolls sideways');
    process.stdout.write(
      `${file}: ${findings.length === 0 ? 'clean' : ''}\n${findings.map((one) => `  ${one}\n`).join('')}`,
    );
    await context.close();
  }
}
await browser.close();
