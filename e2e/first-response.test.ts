import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pastePage } from './support/pasted-page.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from './support/server-process.ts';

const PAGE = 'docs/tutorial/first-response.md';
const ROOT = join(import.meta.dirname, '..');

const folder = temporaryFolder();
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ folder: folder.path });
  symlinkSync(join(ROOT, 'content'), join(folder.path, 'content'));
});
afterAll(async () => {
  await server?.kill('SIGTERM');
  folder.remove();
});

/** The command as `npm run` has it, and what a reader does by looking: wait for the end of a run, and copy the id of a change. */
const READER = `
npm() { shift 4; '${process.execPath}' '${join(ROOT, 'apps/cli/src/main.ts')}' "$@"; }
ask() { curl -sS "$COUNTERPOINT_URL/api/v1/$1" -H "authorization: Bearer $TOKEN"; }
ended() { until [ "$(ask 'runs?status=succeeded' | grep -o '"playbook":"brute_force"' | wc -l)" -eq "$1" ]; do sleep 0.2; done; }
banned() { ask 'effects?in_force=true&connector=fortigate' | '${process.execPath}' -p 'JSON.parse(fs.readFileSync(0)).items[0].id'; }
`;

const COMMAND = 'npm run -s counterpoint --';

// The page itself says what is different about sed on macOS.
describe.skipIf(process.platform === 'darwin')('the first tutorial', () => {
  it('does what it says when it is pasted', async () => {
    const printed = await pastePage(PAGE, {
      folder: folder.path,
      env: { COUNTERPOINT_URL: server.url },
      before: READER,
      insteadOf: {
        '9CBH9-229XY-KX5KN-K53NS': server.setupCode ?? '',
        'WAZUH=cps_…': `WAZUH=${server.sources.wazuh}`,
        'http://127.0.0.1:7300': server.url,
        [`${COMMAND} trace 203.0.113.66`]: `ended 1; ${COMMAND} trace 203.0.113.66`,
        [`${COMMAND} trace 203.0.113.67`]: `ended 2; ${COMMAND} trace 203.0.113.67`,
        '9351e986-245b-8764-82a7-0593bf857bbb': '$(banned)',
      },
    });
    const [owner, , sent, trace, effects, undone, , checked, failed, passed, published, other] = printed;
    expect(owner).toMatch(/ada owns this installation; the token is kept in .*credentials\.json/);
    expect(sent).toContain('"status":"accepted"');
    expect(trace).toMatch(/effect {4}fortigate\.ban_ip 203\.0\.113\.66 at lab_fortigate {2}performed {2}simulated/);
    expect(effects).toMatch(/Ban 203\.0\.113\.66 on nftables \(simulated\) .* performed simulated/);
    expect(effects).toMatch(/Ban 203\.0\.113\.66 on FortiGate \(simulated\) .* performed simulated/);
    expect(undone).toContain('undone ');
    expect(checked).toContain('✔ 2 files: 0 errors, 0 warnings');
    expect(failed).toContain('✘ 10 passed, 2 failed');
    expect(passed).toContain('✔ 12 passed, 0 failed');
    expect(published).toContain('✔ brute_force version 2: Respond to many failed logins from one address');
    expect(other).toMatch(/mean 97 · level doubt/);
    expect(other).not.toContain('fortigate.ban_ip');
  });
});
