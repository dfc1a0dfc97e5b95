import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { addAudit } from './commands/audit.ts';
import { addBacktest } from './commands/backtest.ts';
import { addBackup, addThaw } from './commands/backup.ts';
import { addCases } from './commands/cases.ts';
import { addConfig } from './commands/config.ts';
import { addConnectors } from './commands/connectors.ts';
import { addDemo } from './commands/demo.ts';
import { addDiff } from './commands/diff.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDraft } from './commands/draft.ts';
import { addDryRun } from './commands/dry-run.ts';
import { addDxl } from './commands/dxl.ts';
import { addEdge } from './commands/edge.ts';
import { addEffects } from './commands/effects.ts';
import { addFabric } from './commands/fabric.ts';
import { addGuard } from './commands/guard.ts';
import { addInbox } from './commands/inbox.ts';
import { addIngest } from './commands/ingest.ts';
import { addParticipants } from './commands/participants.ts';
import { addPassword } from './commands/password.ts';
import { addPlaybooks } from './commands/playbooks.ts';
import { addPublish } from './commands/publish.ts';
import { addReactions } from './commands/reactions.ts';
import { addRetract } from './commands/retract.ts';
import { addRollback, addVersions } from './commands/rollback.ts';
import { addRun, addRuns } from './commands/runs.ts';
import { addServices } from './commands/services.ts';
import { addSetup } from './commands/setup.ts';
import { addStart } from './commands/start.ts';
import { addStatus } from './commands/status.ts';
import { addTables } from './commands/tables.ts';
import { addTest } from './commands/test.ts';
import { addTrace } from './commands/trace.ts';
import { addValidate } from './commands/validate.ts';

/** The whole command line, without running anything. */
export function createProgram(): Command {
  const program = new Command('counterpoint')
    .description('security orchestration and choreography: one event model, one guarded door, one trace')
    .version(manifest.version, '--version', 'print the version')
    .option('--json', 'print JSON for programs')
    .option('--url <url>', 'address of the server (COUNTERPOINT_URL), default http://127.0.0.1:7300')
    .showHelpAfterError('(counterpoint --help shows every verb)')
    .addHelpText('after', '\nExit codes: 0 ok, 1 findings or failure, 2 usage, 3 no server answers.');
  for (const add of [
    addStart,
    addSetup,
    addPassword,
    addStatus,
    addPlaybooks,
    addPublish,
    addReactions,
    addRun,
    addRuns,
    addTrace,
    addRetract,
    addInbox,
    addCases,
    addEffects,
    addTables,
    addParticipants,
    addServices,
    addEdge,
    addFabric,
    addDxl,
    addGuard,
    addConnectors,
    addIngest,
    addValidate,
    addTest,
    addDryRun,
    addBacktest,
    addDiff,
    addDraft,
    addVersions,
    addRollback,
    addDemo,
    addAudit,
    addBackup,
    addThaw,
    addConfig,
    addDoctor,
  ])
    add(program);
  return program;
}
