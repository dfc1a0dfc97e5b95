import { describe, expect, it } from 'vitest';
import { loginCommand } from './login-command.ts';

describe('loginCommand', () => {
  it('names the server where it is not at its usual address', () => {
    expect(loginCommand('http://127.0.0.1:7300')).toBe('npm run counterpoint -- login');
    expect(loginCommand('http://localhost:7300')).toBe('npm run counterpoint -- login');
    expect(loginCommand('http://127.0.0.1:8080')).toContain(' --url http://127.0.0.1:8080');
    expect(loginCommand('https://soc.example.com')).toContain(' --url https://soc.example.com');
  });
});
