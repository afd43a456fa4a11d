import type { Scan } from './parcel.ts';

/** A hall in which parcels are sorted. */
export interface Depot {
  /** Three letters, as they stand in a scan. */
  code: string;
  town: string;
  region: 'England' | 'Scotland' | 'Wales' | 'Northern Ireland';
  /** A hub is open at night and sorts for the depots around it. */
  hub: boolean;
}

/** Every depot there is, by name of the town. */
export const depots: readonly Depot[] = [
  {
    code: 'ABD',
    town: 'Aberdeen',
    region: 'Scotland',
    hub: false,
  },
  {
    code: 'BEL',
    town: 'Belfast',
    region: 'Northern Ireland',
    hub: false,
  },
  {
    code: 'BIR',
    town: 'Birmingham',
    region: 'England',
    hub: true,
  },
  {
    code: 'BLK',
    town: 'Blackpool',
    region: 'England',
    hub: false,
  },
  {
    code: 'BRA',
    town: 'Bradford',
    region: 'England',
    hub: false,
  },
  {
    code: 'BRI',
    town: 'Brighton',
    region: 'England',
    hub: false,
  },
  {
    code: 'BST',
    town: 'Bristol',
    region: 'England',
    hub: true,
  },
  {
    code: 'CAM',
    town: 'Cambridge',
    region: 'England',
    hub: false,
  },
  {
    code: 'CDF',
    town: 'Cardiff',
    region: 'Wales',
    hub: true,
  },
  {
    code: 'CAR',
    town: 'Carlisle',
    region: 'England',
    hub: false,
  },
  {
    code: 'CHE',
    town: 'Chester',
    region: 'England',
    hub: false,
  },
  {
    code: 'COV',
    town: 'Coventry',
    region: 'England',
    hub: false,
  },
  {
    code: 'DER',
    town: 'Derby',
    region: 'England',
    hub: false,
  },
  {
    code: 'DUN',
    town: 'Dundee',
    region: 'Scotland',
    hub: false,
  },
  {
    code: 'DUR',
    town: 'Durham',
    region: 'England',
    hub: false,
  },
  {
    code: 'EDI',
    town: 'Edinburgh',
    region: 'Scotland',
    hub: true,
  },
  {
    code: 'EXE',
    town: 'Exeter',
    region: 'England',
    hub: false,
  },
  {
    code: 'FAL',
    town: 'Falkirk',
    region: 'Scotland',
    hub: false,
  },
  {
    code: 'GLA',
    town: 'Glasgow',
    region: 'Scotland',
    hub: true,
  },
  {
    code: 'GLO',
    town: 'Gloucester',
    region: 'England',
    hub: false,
  },
  {
    code: 'GRI',
    town: 'Grimsby',
    region: 'England',
    hub: false,
  },
  {
    code: 'HUL',
    town: 'Hull',
    region: 'England',
    hub: false,
  },
  {
    code: 'INV',
    town: 'Inverness',
    region: 'Scotland',
    hub: false,
  },
  {
    code: 'IPS',
    town: 'Ipswich',
    region: 'England',
    hub: false,
  },
  {
    code: 'KEN',
    town: 'Kendal',
    region: 'England',
    hub: false,
  },
  {
    code: 'LAN',
    town: 'Lancaster',
    region: 'England',
    hub: false,
  },
  {
    code: 'LEE',
    town: 'Leeds',
    region: 'England',
    hub: true,
  },
  {
    code: 'LEI',
    town: 'Leicester',
    region: 'England',
    hub: false,
  },
  {
    code: 'LIN',
    town: 'Lincoln',
    region: 'England',
    hub: false,
  },
  {
    code: 'LIV',
    town: 'Liverpool',
    region: 'England',
    hub: false,
  },
  {
    code: 'LUT',
    town: 'Luton',
    region: 'England',
    hub: false,
  },
  {
    code: 'MAN',
    town: 'Manchester',
    region: 'England',
    hub: true,
  },
  {
    code: 'MID',
    town: 'Middlesbrough',
    region: 'England',
    hub: false,
  },
  {
    code: 'MIL',
    town: 'Milton Keynes',
    region: 'England',
    hub: false,
  },
  {
    code: 'NEW',
    town: 'Newcastle',
    region: 'England',
    hub: false,
  },
  {
    code: 'NPT',
    town: 'Newport',
    region: 'Wales',
    hub: false,
  },
  {
    code: 'NOR',
    town: 'Norwich',
    region: 'England',
    hub: false,
  },
  {
    code: 'NOT',
    town: 'Nottingham',
    region: 'England',
    hub: false,
  },
  {
    code: 'OBA',
    town: 'Oban',
    region: 'Scotland',
    hub: false,
  },
  {
    code: 'OXF',
    town: 'Oxford',
    region: 'England',
    hub: false,
  },
  {
    code: 'PER',
    town: 'Perth',
    region: 'Scotland',
    hub: false,
  },
  {
    code: 'PLY',
    town: 'Plymouth',
    region: 'England',
    hub: false,
  },
  {
    code: 'POO',
    town: 'Poole',
    region: 'England',
    hub: false,
  },
  {
    code: 'POR',
    town: 'Portsmouth',
    region: 'England',
    hub: false,
  },
  {
    code: 'PRE',
    town: 'Preston',
    region: 'England',
    hub: false,
  },
  {
    code: 'REA',
    town: 'Reading',
    region: 'England',
    hub: true,
  },
  {
    code: 'SAL',
    town: 'Salisbury',
    region: 'England',
    hub: false,
  },
  {
    code: 'SHE',
    town: 'Sheffield',
    region: 'England',
    hub: false,
  },
  {
    code: 'SHR',
    town: 'Shrewsbury',
    region: 'England',
    hub: false,
  },
  {
    code: 'SOU',
    town: 'Southampton',
    region: 'England',
    hub: false,
  },
  {
    code: 'STI',
    town: 'Stirling',
    region: 'Scotland',
    hub: false,
  },
  {
    code: 'STO',
    town: 'Stoke',
    region: 'England',
    hub: false,
  },
  {
    code: 'SUN',
    town: 'Sunderland',
    region: 'England',
    hub: false,
  },
  {
    code: 'SWA',
    town: 'Swansea',
    region: 'Wales',
    hub: false,
  },
  {
    code: 'SWI',
    town: 'Swindon',
    region: 'England',
    hub: false,
  },
  {
    code: 'TAU',
    town: 'Taunton',
    region: 'England',
    hub: false,
  },
  {
    code: 'THU',
    town: 'Thurso',
    region: 'Scotland',
    hub: false,
  },
  {
    code: 'TRU',
    town: 'Truro',
    region: 'England',
    hub: false,
  },
  {
    code: 'WAK',
    town: 'Wakefield',
    region: 'England',
    hub: false,
  },
  {
    code: 'WOR',
    town: 'Worcester',
    region: 'England',
    hub: false,
  },
  {
    code: 'WRE',
    town: 'Wrexham',
    region: 'Wales',
    hub: false,
  },
  {
    code: 'YOR',
    town: 'York',
    region: 'England',
    hub: false,
  },
];

/** The depot with this code; the case does not matter. */
export function findDepot(code: string): Depot | undefined {
  return depots.find((depot) => depot.code === code.toUpperCase());
}

/** The depots of a region, hubs first. */
export function depotsOf(region: Depot['region']): Depot[] {
  return depots.filter((depot) => depot.region === region).sort((a, b) => Number(b.hub) - Number(a.hub));
}

/** "Leeds (LEE), hub" */
export function describeDepot(depot: Depot): string {
  return `${depot.town} (${depot.code})${depot.hub ? ', hub' : ''}`;
}

/** Where a scan was made, in words; an unknown code is shown as it is. */
export function placeOf(scan: Scan): string {
  return findDepot(scan.depot)?.town ?? scan.depot;
}

/** How many night hubs lie on the way of these scans. */
export function countHubs(scans: readonly Scan[]): number {
  return scans.filter((scan) => findDepot(scan.depot)?.hub === true).length;
}

/** Hours at which the vans leave, by region, in local time. */
const VAN_HOURS: Record<Depot['region'], readonly number[]> = {
  England: [6, 8, 11, 14],
  Scotland: [7, 10, 13],
  Wales: [7, 9, 14],
  'Northern Ireland': [8, 13],
};

/** The hour of the next van on this day; undefined when the last one is gone. */
export function nextVan(depot: Depot, hour: number): number | undefined {
  return VAN_HOURS[depot.region].find((each) => each > hour);
}

/** A sentence for the person who waits at the door. */
export function vanText(depot: Depot, hour: number): string {
  const next = nextVan(depot, hour);
  return next === undefined ? `No more vans from ${depot.town} today.` : `The next van leaves at ${next}:00.`;
}

/** Depots whose town begins with these letters, for completion. */
export function suggestDepots(start: string): Depot[] {
  const wanted = start.toLowerCase();
  return depots.filter((depot) => depot.town.toLowerCase().startsWith(wanted));
}

/** How many depots each region has. */
export function depotCounts(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { region } of depots) counts.set(region, (counts.get(region) ?? 0) + 1);
  return counts;
}
