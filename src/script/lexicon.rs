//! What single words tell: verbs of speech, titles, nouns for people, given names, pronouns.

use std::{collections::HashMap, sync::OnceLock};

use super::Gender;

/// What one word (in lower case) can be; several at once.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
pub(super) struct Entry {
    /// A form of a verb of speech.
    pub(super) speech: bool,
    /// The plain form of a verb of speech, such as "say".
    pub(super) base: bool,
    /// Its form in -ing.
    pub(super) saying: bool,
    /// A verb that hardly means anything but speech where it stands beside a quotation.
    pub(super) says: bool,
    /// A title before a name.
    pub(super) title: Option<Title>,
    /// A noun for a person.
    pub(super) noun: Option<Gender>,
    /// A relation: father, cousin, friend.
    pub(super) kin: bool,
    /// A given name of (nearly always) this gender.
    pub(super) given: Option<Gender>,
    /// How one is called to one's face: sir, madam, mother.
    pub(super) address: Option<Gender>,
    /// Whether it can stand by itself as an address of anyone: sir, gran, pet.
    pub(super) vocative: bool,
    /// A pronoun for one person.
    pub(super) pronoun: Option<Pronoun>,
    /// A preposition.
    pub(super) preposition: bool,
    /// A determiner or possessive before a noun.
    pub(super) determiner: bool,
    /// Joins or opens a clause.
    pub(super) clause: bool,
    /// A capitalised word that is no name.
    pub(super) stop: bool,
    /// A verb of doing in the past tense that often follows a name.
    pub(super) acts: bool,
}

/// What a title tells of who bears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Title {
    /// A man: Mr, Sir, Uncle.
    Man,
    /// A rank that was mostly a man's: Captain, Inspector.
    Rank,
    /// A woman: Mrs, Aunt.
    Woman,
    /// Either: Doctor.
    Either,
    /// Hardly a title: old, little, poor.
    Soft,
}

impl Title {
    /// The gender it shows for certain.
    pub(super) fn gender(self) -> Option<Gender> {
        match self {
            Self::Man => Some(Gender::Male),
            Self::Woman => Some(Gender::Female),
            _ => None,
        }
    }
}

/// Whom a pronoun can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pronoun {
    /// he, him, his
    He,
    /// she, her
    She,
    /// I
    I,
    /// they, we
    They,
}

const TITLES_MAN: &str = "mr mister mistah massa marse sir lord master uncle king prince count duke baron father brother monsieur m \
    signor signore squire grandfather grandpa rabbi herr don emperor earl marquis abbe abbé sahib esquire señor senor \
    pastor deacon friar monseigneur mijnheer pan tsar sultan sheikh";
const TITLES_RANK: &str = "general colonel major captain lieutenant sergeant corporal admiral commander reverend rev \
    bishop archdeacon vicar curate inspector constable detective sheriff judge principal president cap capt col gen lt \
    sgt sub-inspector superintendent commissioner mayor senator governor private chancellor cardinal marshal ensign \
    commodore brigadier warden";
const TITLES_WOMAN: &str = "mrs miss ms lady aunt auntie queen princess countess duchess baroness mother sister madame \
    mme mademoiselle mlle signora signorina marchioness grandmother grandma granny nurse dame mistress empress donna \
    frau fraulein fräulein marquise marchesa marquesa madam senora señora señorita begum abbess";
const TITLES_EITHER: &str =
    "dr doctor professor prof comrade officer agent chief hon honourable secretary elder";
const TITLES_SOFT: &str = "old young little poor dear st saint cousin";

const SPEECH: &str = "say ask reply answer cry exclaim return respond remark observe add continue whisper murmur mutter \
    shout call demand declare inquire enquire repeat begin speak tell explain suggest interrupt retort rejoin resume \
    urge protest insist agree admit assent sigh laugh sob gasp groan moan growl snarl hiss scream shriek yell roar \
    bellow bawl howl wail whimper snap bark grumble mumble stammer stutter falter plead beg implore entreat order \
    command warn caution advise announce proclaim confess concede acknowledge argue reason object complain lament \
    boast joke tease mock jeer sneer scoff snort sniff chuckle giggle grin smile nod breathe pant croak rasp drawl \
    purr coo chirp squeak squeal chime echo conclude finish pursue proceed persist query question wonder venture \
    volunteer offer propose promise assure vow swear comment note mention state affirm assert maintain contend claim \
    deny contradict correct counter challenge accuse scold chide rebuke reproach admonish greet hail welcome thank \
    apologize apologise console comfort soothe coax persuade prompt recite read quote sing hum thunder boom blurt \
    ejaculate interpose interject intervene intone utter pronounce reflect muse ponder think recollect reiterate \
    reassure acquiesce consent threaten curse declaim simper gurgle quaver warble wheeze whine grunt spit splutter \
    sputter storm rage fume bluster cackle crow cluck twitter lisp hazard hint imply confide disclose reveal relate \
    narrate report describe dictate instruct direct bid request beseech invite summon inform apprise remind \
    expostulate remonstrate commence write pray explode vociferate supplement put pipe snivel blubber titter sniffle \
    stipulate specify marvel bemoan bewail opine parry chant screech rap falter gulp choke flash break burst quip \
    deadpan interrogate theorize joke ramble babble gush rattle wisecrack holler hoot bleat bray yelp croon beam \
    scowl frown shrug gloat plead prod probe press guess decide estimate recall summarize translate interpret";
const IRREGULAR: &[(&str, &str)] = &[
    ("say", "said says saying"),
    ("tell", "told tells telling"),
    ("speak", "spoke speaks speaking"),
    ("begin", "began begins beginning"),
    ("think", "thought thinks"),
    ("sing", "sang sings singing"),
    ("read", "read reads"),
    ("write", "wrote"),
    ("swear", "swore swears"),
    ("bid", "bade"),
    ("put", "put"),
    ("spit", "spat"),
    ("break", "broke"),
    ("burst", "burst"),
    ("beseech", "besought"),
    ("crow", "crowed crew"),
    ("snap", "snapped snaps"),
    ("beg", "begged begs"),
    ("sob", "sobbed sobs"),
    ("nod", "nodded nods"),
    ("grin", "grinned grins"),
    ("hum", "hummed"),
    ("rap", "rapped"),
    ("stutter", "stuttered"),
    ("admit", "admitted admits"),
    ("go", "went goes"),
    ("quip", "quipped quips"),
    ("shrug", "shrugged shrugs"),
    ("prod", "prodded"),
    ("quoth", "quoth"),
    ("sez", "sez"),
];
/// Verbs of speech whose plain form is more often a noun, an adjective or the present tense.
const NOT_PLAIN: &str = "say tell ask call order put think bid note state question reason object offer hint direct \
    promise command request challenge claim laugh smile sigh report comment break spit flash supplement crow cluck sing \
    pipe rage storm boom rap curse thank mock counter prompt correct cry wonder relate reply answer return swear pray \
    bark snap purr echo grin nod press guess beam frown shrug begin speak go";
const SAYS: &str = "said says asked replied answered cried exclaimed returned added continued remarked observed \
    whispered murmured muttered shouted demanded declared inquired enquired repeated began responded retorted \
    interrupted protested rejoined explained suggested called went broke resumed";
const ACTS: &str = "had was looked sat stood came went felt knew thought took rose turned saw did gave made could would \
    has is does got kept ran told began put shook held laid let left lay fell drew threw found heard smiled nodded";

const NOUNS_MALE: &str = "man boy gentleman lad fellow father brother son husband uncle nephew grandfather king prince \
    lord priest monk waiter butler footman coachman driver landlord host policeman constable soldier sailor sergeant \
    captain colonel general major officer inspector detective doctor surgeon lawyer solicitor clerk porter valet groom \
    gardener curate vicar clergyman rector bishop parson squire baronet earl duke count professor schoolmaster tutor \
    headmaster master beadle undertaker sheriff judge magistrate barber tailor cobbler carpenter miner mariner boatman \
    stoker engineer painter poet bridegroom baron sultan emperor mayor archdeacon chap bloke guv'nor stableman hunter \
    guard sentry warder jailer fisherman farmer ploughman cabman chauffeur steward vampire wizard sorcerer knight \
    blacksmith ferryman watchman foreman salesman workman nobleman countryman grandson stepfather godfather widower \
    bachelor papa dad daddy grandpa preacher friar hermit pirate admiral lieutenant corporal private skipper bosun \
    lighthouse-keeper gamekeeper postman milkman fireman doorman barman butcher baker drummer fiddler trumpeter \
    shepherd herdsman woodcutter lumberjack smith mason miller chief chieftain warlord god wolf bear ogre giant troll \
    youth youngster old-man stepson cowboy rancher marshal deputy bandit outlaw fishmonger boatswain cabin-boy \
    deckhand hangman jester minstrel sexton verger bouncer geezer gent guy dude cavalryman infantryman rifleman gunner \
    bombardier quartermaster helmsman airman ploughboy errand-boy paperboy schoolboy choirboy altar-boy stable-boy \
    busboy bellboy handyman repairman conductor ticket-collector signalman linesman stationmaster station-master \
    night-watchman weatherman cameraman frenchman englishman irishman scotsman welshman dutchman bagman";
const NOUNS_FEMALE: &str = "woman girl lady mother sister daughter wife aunt niece grandmother queen princess maid \
    housemaid nurse governess landlady hostess widow spinster matron nun abbess countess duchess baroness mistress \
    waitress barmaid housekeeper bride actress heroine madam witch sorceress fairy lass milkmaid seamstress laundress \
    cook-maid parlourmaid charwoman midwife mamma mama mum mummy stewardess dame granddaughter stepmother godmother \
    schoolmistress headmistress stepdaughter grandma granny goddess sibyl hen empress heiress shopgirl schoolgirl \
    dressmaker washerwoman fishwife gipsy-woman policewoman businesswoman crone hag mermaid nymph enchantress \
    priestess prioress nanny au-pair schoolteacher dinner-lady tea-lady saleswoman chairwoman spokeswoman horsewoman \
    stallwoman flower-girl dairymaid nursemaid barkeeper's-wife washer-woman kitchenmaid chambermaid scullery-maid \
    parlor-maid bridesmaid matriarch englishwoman frenchwoman irishwoman";
const NOUNS_EITHER: &str = "child person stranger servant cook friend cousin voice other prisoner visitor companion \
    guest patient speaker creature baby one student pupil tramp thief robber murderer beggar messenger secretary \
    neighbour neighbor passenger teacher author leader manager shopkeeper dwarf elf robot cat mouse rabbit dog fox owl \
    crow raven bird frog toad turtle tortoise snake spider dragon goat pig lion horse ghost spirit monster alien \
    android computer machine pilot scientist nurse-man innkeeper keeper bartender receptionist caller operator \
    assistant apprentice librarian archivist scribe musician singer dancer artist writer reporter journalist editor \
    lodger tenant customer client witness suspect victim killer assassin spy agent owner boss employer newcomer \
    commander president minister ambassador chairman merchant trader pedlar peddler guide healer oracle prophet \
    trucker busker commuter jogger hiker climber cyclist seller vendor stallholder stall-holder grocer greengrocer \
    florist courier plumber electrician mechanic barista paramedic medic orderly anaesthetist anesthetist ranger \
    janitor caretaker cleaner builder cook chef dentist vet pharmacist optician accountant banker broker programmer \
    intern trainee recruit rookie cop trooper lookout stowaway castaway smuggler poacher executioner bard peasant serf \
    novice organist chorister gravedigger grave-digger mourner juror bailiff plaintiff defendant barrister attorney \
    prosecutor coroner pathologist babysitter goblin gnome demon slayer werewolf zombie ghoul imp sprite djinn genie \
    golem cyborg droid announcer presenter newsreader dispatcher controller interviewer inspector-general examiner \
    invigilator pupil freshman boarder veteran conscript deserter rebel croupier dealer gambler bookmaker jockey \
    trainer coach referee umpire goalkeeper captain's-mate ferryman's-mate proprietor owner's-agent subaltern \
    teenager toddler twin orphan infant kid technician conductor driver's-mate navigator translator interpreter";
const KIN: &str = "father mother brother sister son daughter husband wife uncle aunt nephew niece grandfather \
    grandmother cousin friend companion master mistress lord lady papa mama mamma dad mum daddy mummy grandson \
    granddaughter stepfather stepmother stepson stepdaughter godfather godmother grandpa grandma twin boss employer";
const ADDRESS_MALE: &str = "sir papa father mr gentlemen boy lord brother uncle dad daddy da monsieur fellow chap lad man \
    captain doctor guardian son grandpa grandfather mister sire majesty-sir mate bro";
const ADDRESS_FEMALE: &str = "madam ma'am mamma mama mother miss girl lady sister aunt auntie mum mummy mommy madame \
    mademoiselle grandma granny grandmother lass mistress missus";

const ADDRESS_EITHER: &str = "gran nan nana pet love hon honey sweetheart darling dear child dearie duck ducks lovey boss chief officer \
    comrade padre vicar professor nurse driver coach sarge sergeant lieutenant colonel major general kid kiddo sweetie \
    buddy pal stranger cousin judge constable corporal inspector ma pa grandad granddad auntie nanny maestro master";

const PREPOSITIONS: &str = "of to at with by for from in on upon into towards toward against beside between behind \
    before after under over about near than like without through among beneath beyond above across around past";
const DETERMINERS: &str = "the a an his her my their our this that another some one";
const CLAUSES: &str = "and but when while as then so until till before after for if though although because that which \
    who whom at last now suddenly";
const STOP: &str = "i a an the and but or nor so yet if then when while as at by for from in into of on upon to with \
    without not no yes oh ah well now there here this that these those he she it we you they his her its our your \
    their my what who whom whose which where why how is was were are be been am do did does have has had will would \
    shall should can could may might must let perhaps indeed still even only just such some any all every each both \
    neither either never ever always once twice after before until till since because though although however \
    therefore thus hence moreover besides nevertheless meanwhile presently suddenly soon again almost quite very too \
    also god heaven lord good dear sir madam ma'am mr mrs miss chapter volume part book letter january february march \
    april may june july august september october november december monday tuesday wednesday thursday friday saturday \
    sunday christmas easter english french german italian american london paris england france italy india europe \
    america rome florence bath hall street park house bible church latin greek indian russian spanish dutch jew jews \
    jewish hindu moslem mohammedan muslim christian christians british irish scottish welsh o ha hi hey hullo hallo \
    hello hurrah pray please thank thanks come go look see listen stop wait tell give take make say said don't can't \
    won't it's i'm i'll i've i'd that's there's what's he's she's you're we're they're isn't aren't didn't doesn't \
    nothing something everything anything nobody somebody everybody anybody one two three four five six seven eight \
    nine ten first second third last next another other others same own few many much more most less least between \
    among against across along around behind below beneath beside beyond during except inside near off out outside \
    over past round through throughout under up down away back true poor old young little great ii iii iv v vi vii \
    viii ix x xi xii xiii xiv xv okay ok right sure sorry maybe tonight today tomorrow yesterday never damn hell \
    christ jesus welcome congratulations goodbye good-bye good-night goodnight bravo alas aye nay ay eh hush hm hmm \
    um er uh mm wow gosh yeah yep nope huh if't 'tis earth moon sun north south east west internet";
/// Words that stop a name, but not after a title.
const PLACE_NAMES_AND_PEOPLE: &str = "hall park church house street may june april august rose bath english french german \
    england ireland paris holland march london";

/// Groups of given names of one person, long forms and short.
const NICKNAMES: &str = "elizabeth lizzy eliza liz beth betty bess lizzie bessie libby;catherine kitty kate cathy katie \
    katherine;kathleen kathy kath;william will bill billy willie liam;robert rob bob bobby robin bert;richard dick rick \
    ricky rich;james jim jimmy jem jamie;john jack johnny;thomas tom tommy;henry harry hal hank;edward ned ted teddy \
    eddie ed;margaret maggie meg peggy madge greta;mary molly polly mamie;anne ann annie nan nancy;charles charlie \
    charley chuck;frederick fred freddy freddie;george georgie;helen nell nelly;jane jenny janey;susan sue susie \
    susannah;joseph joe joey;michael mike mick mickey;david dave davy;daniel dan danny;samuel sam sammy;alexander alex \
    alec sandy;arthur art;francis frank;frances fanny;louisa lou;theodore ted theo;sarah sally sadie;martha patty;\
    eleanor nell ellen nora ellie;caroline carrie;josephine jo;gilbert gil;diana di;jacqueline jacky;leonard len lenny;\
    dorothy dolly dora dot;matthew matt;nicholas nick nicky;anthony tony;benjamin ben benny;christopher chris kit;\
    peter pete;philip phil pip;timothy tim;victoria vicky;rebecca becky;patricia pat patty;patrick pat paddy;stephen \
    steve;walter walt;ronald ron;donald don;jennifer jen jenny;jessica jess jessie;samantha sam;barbara barb;judith \
    judy;katharine kate;lawrence larry;lewis lew;louis lou;andrew andy drew;albert bert al bertie;herbert bert bertie;\
    alfred alf fred alfie;abigail abby;amelia amy millie;emily em emmy;harriet hattie;isabella bella izzy;gabriel gabe;\
    zachary zach;nathaniel nat nate;jonathan jon;joshua josh;jeremiah jerry;gerald jerry;solomon sol;tobias toby;\
    matilda tilly;millicent millie;penelope penny;philippa pippa;winifred winnie;wilhelmina mina;florence flo;\
    gwendolen gwen;agatha aggie;agnes aggie;augustus gus;archibald archie;bartholomew bart;cornelius con;ebenezer eben";

/// What `word`, in lower case, can be.
pub(super) fn entry(word: &str) -> Entry {
    if let Some(entry) = entries().get(word) {
        return *entry;
    }
    if word.contains('’') {
        return entries()
            .get(word.replace('’', "'").as_str())
            .copied()
            .unwrap_or_default();
    }
    Entry::default()
}

/// Whether `word` may be part of a name after a title though it mostly is none ("Miss May").
pub(super) fn name_after_title(word: &str) -> bool {
    PLACE_NAMES_AND_PEOPLE
        .split_whitespace()
        .any(|place| place == word)
}

/// Whether two given names can be one person's.
pub(super) fn same_given_name(one: &str, other: &str) -> bool {
    static GROUPS: OnceLock<HashMap<&str, Vec<usize>>> = OnceLock::new();
    let groups = GROUPS.get_or_init(|| {
        let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
        for (group, names) in NICKNAMES.split(';').enumerate() {
            for name in names.split_whitespace() {
                groups.entry(name).or_default().push(group);
            }
        }
        groups
    });
    let empty = Vec::new();
    let mine = groups.get(one).unwrap_or(&empty);
    let theirs = groups.get(other).unwrap_or(&empty);
    one == other || mine.iter().any(|group| theirs.contains(group))
}

fn entries() -> &'static HashMap<&'static str, Entry> {
    static ENTRIES: OnceLock<HashMap<&'static str, Entry>> = OnceLock::new();
    ENTRIES.get_or_init(build)
}

fn build() -> HashMap<&'static str, Entry> {
    let mut entries: HashMap<&'static str, Entry> = HashMap::new();
    add_speech(&mut entries);
    let mut set = |words: &'static str, change: &dyn Fn(&mut Entry)| {
        for word in words.split_whitespace() {
            change(entries.entry(word).or_default());
        }
    };
    set(SAYS, &|entry| entry.says = true);
    set(ACTS, &|entry| entry.acts = true);
    for (words, title) in [
        (TITLES_MAN, Title::Man),
        (TITLES_RANK, Title::Rank),
        (TITLES_WOMAN, Title::Woman),
        (TITLES_EITHER, Title::Either),
        (TITLES_SOFT, Title::Soft),
    ] {
        set(words, &|entry| entry.title = Some(title));
    }
    for (words, gender) in [
        (NOUNS_EITHER, Gender::Unknown),
        (NOUNS_MALE, Gender::Male),
        (NOUNS_FEMALE, Gender::Female),
    ] {
        set(words, &|entry| entry.noun = Some(gender));
    }
    set(KIN, &|entry| entry.kin = true);
    set(ADDRESS_MALE, &|entry| entry.address = Some(Gender::Male));
    set(ADDRESS_FEMALE, &|entry| {
        entry.address = Some(Gender::Female);
    });
    for words in [ADDRESS_MALE, ADDRESS_FEMALE, ADDRESS_EITHER] {
        set(words, &|entry| entry.vocative = true);
    }
    set(PREPOSITIONS, &|entry| entry.preposition = true);
    set(DETERMINERS, &|entry| entry.determiner = true);
    set(CLAUSES, &|entry| entry.clause = true);
    set(STOP, &|entry| entry.stop = true);
    for (words, pronoun) in [
        ("he him his himself", Pronoun::He),
        ("she her hers herself", Pronoun::She),
        ("i", Pronoun::I),
        ("they we", Pronoun::They),
    ] {
        set(words, &|entry| entry.pronoun = Some(pronoun));
    }
    let names = include_str!("given_names.txt");
    let (women, men) = names.split_once("\nmale\n").unwrap_or((names, ""));
    set(women.trim_start_matches("female\n"), &|entry| {
        entry.given = Some(Gender::Female);
    });
    set(men, &|entry| entry.given = Some(Gender::Male));
    entries
}

/// Forms of the verbs of speech; regular ones are made by rule.
fn add_speech(entries: &mut HashMap<&'static str, Entry>) {
    for base in SPEECH.split_whitespace() {
        entries.entry(base).or_default().base = true;
        let stem = base.strip_suffix('e').unwrap_or(base);
        let saying = String::leak(format!("{stem}ing"));
        entries.entry(saying).or_default().saying = true;
        if !NOT_PLAIN.split_whitespace().any(|plain| plain == base) {
            entries.entry(base).or_default().speech = true;
        }
        if IRREGULAR.iter().any(|(irregular, _)| *irregular == base) {
            continue;
        }
        for form in regular(base) {
            entries.entry(String::leak(form)).or_default().speech = true;
        }
    }
    for (_, forms) in IRREGULAR {
        for form in forms.split_whitespace() {
            entries.entry(form).or_default().speech = true;
        }
    }
}

fn regular(base: &str) -> [String; 2] {
    if let Some(stem) = base
        .strip_suffix('y')
        .filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']))
    {
        return [format!("{stem}ied"), format!("{stem}ies")];
    }
    if base.ends_with('e') {
        return [format!("{base}d"), format!("{base}s")];
    }
    let many = if base.ends_with(['s', 'h', 'x']) {
        "es"
    } else {
        "s"
    };
    [format!("{base}ed"), format!("{base}{many}")]
}
