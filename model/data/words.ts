import { capital } from './english.ts';
import type { Random } from './random.ts';

/**
 * Nouns for names of files, folders and things. There are many, and made-up ones besides, because a word that stands in
 * every tenth dialogue is learned by heart: the model then writes it where another one stood instead of copying that.
 */
export const nouns: readonly string[] = `
abacus abbey accordion acorn acrobat adobe airship alcove alder algae alloy almanac almond alpaca altar amber amulet anchor anchovy anemone
ankle antenna antler anvil apiary apricot apron aquarium arbor arcade archer armchair armor arrow arsenal ash aspen asteroid atlas atoll
atrium attic auburn auction aurora avenue aviary avocado awning axle azalea badge badger bagpipe bakery balcony ballad balloon ballot balsam
bamboo bandage banjo banquet bard barge barley barn barnacle barometer baroque basalt basin basket bassoon bastion bayonet bazaar beacon
beaker bearing beaver beetle belfry bellows belt bench beret berry beverage bicycle bindery birch biscuit bison blanket blazer blender
blizzard blossom blouse bluff boathouse bobbin bobcat bolster bonfire bonnet boulder bouquet bracelet bracket braid bramble brass bravery
brewery brick bridle brisket bristle bronze brooch broom brunch buckle buffalo bugle bulb bumper bungalow buoy burrow butcher buttercup
buzzard cabin cabinet cactus cadet calico camel camera camper canary candle canoe canopy canteen canvas canyon capsule caravan caraway
cardamom cardigan caribou carnation carousel carpet carriage cartridge cascade cashew casket cassette castle catapult catfish cathedral
cauldron cavern cedar cellar cello cement censer chalet chalice chalk chamber chamois chandelier chapel chariot charter chassis cheetah
cherry chestnut chimney chisel chord chorus cider cinder cinema cinnamon circus cistern citadel clam clarinet clasp clavier clay cleat
clergy cliff cloak clover cobalt cobbler cobweb cockpit cocoa coconut codex coffin collar colony comet compass compost concert condor
confetti convent copper coral cork cormorant cornet corral corridor cosmos cottage cougar counter courier cove coyote cradle crane crater
cravat crayon creek crescent crest cricket crocus crossbow crown cruiser crumb crystal cuckoo cumin cupboard curator curtain cushion cutlery
cyclone cymbal cypress daffodil dagger dahlia dairy damsel dandelion decoy delta denim diadem diesel dinghy diner dome domino donkey
dormouse dove dowel dragonfly drapery drawbridge drawer driftwood dromedary drum duchess duct dugout dulcimer dune dungeon dynamo eagle
easel echo eclipse eddy eel elbow elder elevator elk elm embassy ember emerald emu enamel engraver ensemble envelope ermine estuary ether
eyelash falcon fanfare farrier fathom feather fedora fern ferret ferry fiddle fiesta figurine filament finch fjord flagon flagpole flamingo
flannel flask flax fleece flint flotilla flounder flute foal foghorn foil folio forge fortress fossil foundry fountain foxglove freckle
fresco fringe fritter funnel furnace gable galaxy galleon gallery garland garnet garrison gazebo gazelle gecko gelato geyser gibbon ginger
giraffe girder glacier gland glider glove gnome goblet goldfish gondola goose gorge gosling granary granite grapefruit grater gravel griddle
grotto grouse guild guitar gull gymnast gypsum haddock halibut hamlet hammock hamper hangar harbor hare harness harp harvest hatchet haven
hawk hawthorn hazel headband hearth heath hedge hedgehog helium helmet hemlock hemp herald heron herring hickory hinge hippo hive hobby
hoist holly honeycomb hoof horizon hornet hostel hourglass hummingbird hurdle husk hyacinth hydrant iceberg icicle igloo iguana incense
indigo ingot inkwell inlet insignia iris island ivory ivy jackal jaguar jasmine javelin jelly jester jetty jigsaw jockey journal juniper
kayak kelp kennel kernel kestrel kettle keyhole khaki kiln kimono kiosk kite kitten knapsack knoll knuckle koala lacquer ladder ladle lagoon
lamppost lance lantern lapel larch larder lark lasso latch lathe lattice laurel lavender leaflet leather ledge lemming lemonade leopard
lever lichen lilac lily limestone limpet linden linen lintel lizard lobby lobster locket locust lodge loft longbow loom lotus lumber lupin
lute lynx lyre macaw mackerel magma magnet magnolia magpie mahogany mallard mallet mammoth manatee mandolin mango mangrove manor mantle
maple marble marigold marina marmalade marmot marquee marsh marten mascot masonry mast mastiff mattress mausoleum meadow medal medley
menagerie mercury meringue mermaid meteor mica midwife mill millet mimosa minaret mink minnow minstrel mirage mirror mitten moat mocha
mohair mole monastery mongoose monsoon moose moss moth mortar mosaic mosque muffin mulberry mule mural muscat museum mushroom musket mussel
mustang mustard myrtle nectar needle nettle newt nickel nightingale nomad noodle nougat nozzle nursery nutmeg oak oar oasis oboe obsidian
ocelot ochre octopus olive omelet onyx opal opera orbit orchard orchid organ oriole ornament osprey ostrich otter outpost oval owl oxbow
oyster paddle paddock pagoda palace palette panda pansy panther papaya paprika papyrus parade parasol parchment parka parlor parrot
partridge pasture patio patrol pavilion peach peacock peanut pear pebble pecan pedal pelican pendant pendulum penguin pennant peony perch
percolator petal petunia pewter pheasant phoenix pianist piccolo pickle pier pigeon pillar pillow pinecone pinnacle pioneer pipette
pistachio pitcher plaid planet plankton plateau platypus plaza plectrum plover plume plumber plywood polka pollen polo pomelo poncho poplar
poppy porcelain porch porcupine porpoise porridge portico postcard pottery poultry prairie prawn pretzel primrose prism pueblo puffin pulley
pulpit puma pumice puppet purse pyramid quail quarry quartz quill quilt quince quiver rabbit raccoon raft rafter raisin rampart ranch rapier
raspberry rattle raven ravine razor rectory redwood reef refinery reindeer relic reptile reservoir ribbon ridge rivet rodeo rookery rosette
rotunda rowboat rubble rucksack rudder ruffle runway rustic saber sable saddle saffron salad salmon salon samovar sandal sandpiper sapling
sapphire sardine satchel satin saucer sauna savanna sawmill saxophone scabbard scaffold scallop scarecrow scarf scepter schooner sconce
scooter scorpion scroll scuba seagull seahorse sequin sequoia seraph serpent sesame shackle shale shamrock shawl shears shepherd sherbet
shingle shovel shrew shrimp shrine shrub shutter sickle sieve silo skein skewer skiff skylark slate sleigh sleuth slipper sloop sloth smithy
snail snorkel snowdrop sofa sonnet sorbet sorrel spaniel sparrow spatula spearmint spice spider spindle spinnaker spiral spire sponge spruce
squid squirrel stable stallion stanza starfish starling steeple stencil steward stirrup stork strait stratus streetcar studio sturgeon
sundial swallow swan sycamore syringe tablecloth tadpole talon tambourine tangerine tankard tapestry tarragon tartan tassel tavern teacup
teak teal telescope temple tendril termite terrace terrapin thatch thicket thimble thrush tiara tidepool timber tinsel toboggan toffee
tollbooth tomahawk topaz torch tornado tortoise totem toucan tower tractor trapeze treadmill treasure trellis triangle trident trinket
trolley trombone trophy trousers trout trowel truffle trumpet trundle tulip tundra tunic turban turbine turquoise turret turtle tusk tuxedo
twig ukulele umbrella unicorn upland urchin urn valley vanilla velvet verbena vestibule viaduct village vineyard viola violet viper visor
volcano vole voyage vulture waffle wagon wallaby walnut walrus warbler wardrobe warren wasp waterfall weasel weaver wharf wheelbarrow
whisker whistle wicker widget wigwam willow windmill wisteria wolverine wombat woodland woodpecker wreath yacht yak yarrow yeast yogurt yurt
zebra zenith zeppelin zinnia zircon zither
`
  .trim()
  .split(/\s+/);

const onsets = 'b br c ch cl d dr f fl g gl gr h j k kr l m n p pl qu r s sh sk sl sp st str t th tr v w x y z'.split(
  ' ',
);
const vowels = 'a e i o u ai ea ie oo ou'.split(' ');
const codas = [
  '',
  '',
  '',
  'b',
  'ck',
  'd',
  'ft',
  'g',
  'l',
  'll',
  'm',
  'n',
  'nd',
  'ng',
  'nt',
  'p',
  'r',
  'rk',
  'rn',
  's',
  'st',
  't',
  'x',
  'z',
];

/** A word that there is not: "skaint", "bravolen". */
export function coined(random: Random): string {
  const syllable = (): string => random.pick(onsets) + random.pick(vowels) + random.pick(codas);
  return Array.from({ length: random.int(1, 3) }, syllable)
    .join('')
    .slice(0, 11);
}

/** Words that nobody has heard in this connection, each another one. */
export class FreshWords {
  private readonly random: Random;
  private readonly taken = new Set<string>();

  constructor(random: Random) {
    this.random = random;
  }

  next(): string {
    for (;;) {
      const word = this.random.chance(0.7) ? this.random.pick(nouns) : coined(this.random);
      const part = [...this.taken].some((other) => other.includes(word) || word.includes(other));
      if (word.length < 3 || part) continue;
      this.taken.add(word);
      return word;
    }
  }
}

const verbs =
  'ask bring call carry check clean count feed fetch fill fix hang hide keep lend lift lock mend move order paint pick plant print read repair sell send show sort store sweep tidy turn wash water weigh write'.split(
    ' ',
  );

/** A short text of the kind that stands in notes and messages. What it says matters to nobody, so that it has to be copied. */
export function remark(random: Random): string {
  const fresh = new FreshWords(random);
  const [one, two] = [fresh.next(), fresh.next()];
  const verb = random.pick(verbs);
  return random.pick([
    `${verb} the ${one} ${two}`,
    capital(`${verb} the ${one} before the ${two}.`),
    capital(`the ${one} needs a ${two}.`),
    capital(`no more ${one}s from the ${two}`),
    `- ${verb} ${random.int(2, 40)} ${one}s`,
    `- ${one} for the ${two}`,
    `${one}: ${two}`,
    capital(`${one} ${two}`),
    capital(`ask ${capital(one)} about the ${two}.`),
    `${one} ${verb} ${two}`,
  ]);
}
