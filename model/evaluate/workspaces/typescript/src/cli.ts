import { depots, describeDepot } from './depots.ts';
import { isLate } from './eta.ts';
import { createParcel } from './parcel.ts';
import { loadParcels, saveParcels } from './store.ts';
import { summarise } from './summary.ts';
import { formatTrackingNumber, parseTrackingNumber } from './trackingNumber.ts';

const FILE = 'parcels.json';
const HELP = 'Usage: waypost list | late | depots | add NUMBER [LABEL]';

/** Runs one command and gives back what is to be printed. */
export function main([command, number = '', label]: string[]): string {
  const parcels = loadParcels(FILE);
  const now = new Date();
  switch (command) {
    case 'list':
      return summarise(parcels, now);
    case 'late':
      return summarise(parcels.filter((parcel) => isLate(parcel, now)), now);
    case 'depots':
      return depots.map(describeDepot).join('\n');
    case 'add': {
      const tracking = parseTrackingNumber(number);
      const plain = `${tracking.prefix}${tracking.digits}`;
      saveParcels(FILE, [...parcels, createParcel(plain, tracking.carrier, label)]);
      return `Following ${formatTrackingNumber(tracking)} from now on.`;
    }
    default:
      return HELP;
  }
}

console.log(main(process.argv.slice(2)));
