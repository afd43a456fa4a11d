import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { configFolder, managedFolder, stateFolder } from '../../../src/node/folders.ts';

describe('folders', () => {
  test('Linux follows the XDG variables and ignores relative ones', () => {
    const environment = { HOME: '/home/ada', XDG_STATE_HOME: '/var/ada', XDG_DATA_HOME: 'data' };
    expect(stateFolder(environment, 'linux')).toBe('/var/ada/drover');
    expect(configFolder(environment, 'linux')).toBe('/home/ada/.config/drover');
    expect(managedFolder(environment, 'linux')).toBe('/home/ada/.local/share/drover');
  });

  test('macOS and Windows have their own places', () => {
    expect(stateFolder({ HOME: '/Users/ada' }, 'darwin')).toBe('/Users/ada/Library/Application Support/drover/state');
    const windows = { USERPROFILE: 'C:\\Users\\Ada', LOCALAPPDATA: 'C:\\Users\\Ada\\AppData\\Local' };
    expect(managedFolder(windows, 'win32')).toBe('C:\\Users\\Ada\\AppData\\Local\\Drover\\Managed');
    expect(configFolder({ USERPROFILE: 'C:\\Users\\Ada' }, 'win32')).toBe(
      'C:\\Users\\Ada\\AppData\\Local\\Drover\\Config',
    );
  });

  test("Drover's own variables come first, and are made absolute", () => {
    const environment = { HOME: '/home/ada', XDG_STATE_HOME: '/var/ada', DROVER_STATE: 'here', DROVER_MANAGED: '/m' };
    expect(stateFolder(environment, 'linux')).toBe(path.resolve('here'));
    expect(managedFolder(environment, 'linux')).toBe('/m');
  });
});
