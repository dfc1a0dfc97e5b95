import { describe, expect, it } from 'vitest';
import type { ScheduleTrigger } from '../playbooks/published.ts';
import { dueFires } from './due-fires.ts';

const schedule = (missed: ScheduleTrigger['missed'], cron = '0 * * * *'): ScheduleTrigger => ({
  kind: 'schedule',
  id: 's',
  cron,
  timeZone: 'UTC',
  missed,
});
const at = (text: string) => Date.parse(`2026-03-01T${text}Z`);
const shown = (fires: readonly number[]) => fires.map((one) => new Date(one).toISOString().slice(11, 16));

describe('dueFires', () => {
  it('gives nothing before the next moment, and the moment itself when it comes', () => {
    expect(dueFires(schedule('once'), at('09:00:00'), at('09:59:59'))).toEqual([]);
    expect(shown(dueFires(schedule('once'), at('09:00:00'), at('10:00:00')))).toEqual(['10:00']);
  });

  it('makes up for missed moments as the policy says', () => {
    const [last, now] = [at('04:30:00'), at('09:30:00')];
    expect(dueFires(schedule('skip'), last, now)).toEqual([]);
    expect(shown(dueFires(schedule('once'), last, now))).toEqual(['09:00']);
    expect(shown(dueFires(schedule('all'), last, now))).toEqual(['05:00', '06:00', '07:00', '08:00', '09:00']);
  });

  it('lets skip take a moment that was noticed a little late', () => {
    expect(shown(dueFires(schedule('skip'), at('04:30:00'), at('09:00:40')))).toEqual(['09:00']);
  });

  it('makes up for the last thousand only, and finds them soon after a long downtime', () => {
    const now = at('09:30:00');
    const fires = dueFires(schedule('all', '* * * * *'), now - 400 * 86_400_000, now);
    expect(fires).toHaveLength(1_000);
    expect(fires.at(-1)).toBe(now);
    expect(fires[0]).toBe(now - 999 * 60_000);
  });
});
