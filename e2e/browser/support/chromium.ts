import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is on this machine; `CHROMIUM_PATH` goes before. Undefined: nowhere. */
export function chromiumPath(): string | undefined {
  return [process.env.CHROMIUM_PATH, ...PLACES].find((path) => path !== undefined && existsSync(path));
}

/** Why browser tests cannot run here; empty when they can. */
export const noBrowser = chromiumPath() === undefined ? 'no Chromium here: install the package chromium' : '';
