import { useApi } from '../../app/use-api.ts';
import { Stat } from '../../ui/stat.tsx';
import type { Tone } from '../../ui/states.ts';
import styles from './effects.module.css';

interface Tile {
  readonly label: string;
  readonly value: number | undefined;
  readonly to: string;
  /** How the figure is coloured when it is not zero. */
  readonly tone?: Tone;
}

/** How many changes are in force, and how many of them need somebody; each tile leads to its list. */
export function EffectTiles() {
  const { data } = useApi('countEffects', {}, { every: 60_000 });
  const of = (name: string) => data && (data.by_class[name] ?? 0);
  const tiles: readonly Tile[] = [
    { label: 'In force', value: data?.in_force, to: '/effects' },
    { label: 'Containing', value: of('contain'), to: '/effects?class=contain' },
    { label: 'Changing', value: of('change'), to: '/effects?class=change' },
    { label: 'End within an hour', value: data?.ending_soon, to: '/effects?ends=hour&sort=ends', tone: 'warn' },
    { label: 'Without an end', value: data?.lasting, to: '/effects?ends=never', tone: 'warn' },
    { label: 'Unknown outcome', value: data?.unknown, to: '/effects?state=unknown', tone: 'bad' },
    { label: 'Undo failed', value: data?.undo_failed, to: '/effects?state=undo_failed', tone: 'bad' },
  ];
  return (
    <div className={styles.tiles}>
      {tiles.map(({ label, value, to, tone }) => (
        <Stat
          key={label}
          label={label}
          value={value?.toLocaleString('en') ?? '–'}
          to={to}
          {...(tone && value ? { tone } : {})}
        />
      ))}
    </div>
  );
}
