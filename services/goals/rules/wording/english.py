"""English, as far as a goal's wording goes: words as an eye reads them, without case and apostrophes."""

from __future__ import annotations

from services.goals.rules.wording.action import ActionWords
from services.goals.rules.wording.count import CountWords
from services.goals.rules.wording.ending import EndWords
from services.goals.rules.wording.language import Language, Questions, phrases, words
from services.goals.rules.wording.reason import ReasonWords

COMMON = words("""
    the and my i to of for with in on at is be it this that want would will by from or so when each every
    day week month minutes times feel more less better about into have do not
""")
DOING = words("""
    answer apply arrange ask attend bake bathe bike book breathe brush call chat clean climb color colour
    complete cook cuddle cycle dance decline describe disagree do drink drive draft draw eat email
    exercise fold garden greet hike hug hum invite jog join journal juggle jump knit lift listen log
    massage meditate meet memorise memorize message mop open paint pause phone photograph play post
    practice practise pray prepare print read rehearse refuse reply request rest ride row run schedule sew
    share shop shower sign sing sit sketch speak spend stretch study swim take talk teach tell text thank
    tidy track type unfollow unplug use vacuum visit volunteer walk wash weed write
""")
IRREGULAR = words("""
    running jogging swimming sitting chatting humming hugging knitting mopping shopping logging
""")
THINGS = words("""
    yoga meditation meditations exercises workout workouts stretches pushups situps squats pilates tai
    walks gym journal diary homework breaths relaxation mindfulness grounding swims runs gardening
""")
NUMBERS = words("""
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty ninety hundred dozen one half
""")
MONTHS = words("""
    january february march april may june july august september october november december jan feb apr jun
    jul aug sep sept oct nov dec
""")
WEEKDAYS = words("monday tuesday wednesday thursday friday saturday sunday")
PERIODS = words("""
    day days week weeks weekend weekends fortnight month months quarter season year years
""")
SMALL = words("""
    a an the to for of and or but so because when while after before by until till over during within in
    on at with from every each per daily weekly if than then that as about into
""")


def _forms(base: str) -> set[str]:
    """walk, walks, walking, walked; practice, practicing."""
    stem = base.removesuffix("e")
    ending = stem if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) else base
    return {base, base + "s", base + "es", ending + "ing", ending + "ed"}


ENGLISH = Language(
    common=COMMON,
    numbers=NUMBERS,
    actions=ActionWords(
        doing=frozenset().union(*map(_forms, DOING)) | IRREGULAR | THINGS,
        showing=phrases("""
            go to, go for, go out, go outside, goes to, goes for, going for, going outside, go back to,
            get up, get out of bed, get dressed, getting up, wake up, waking up, lie down, lying down,
            stand up, sit down, reach out, reaching out, work out, working out, check in, turn off,
            put away, put down, look up, hang up, say no, say yes, say hello, say hi, say thank, say what,
            saying what, saying no, saying hello, make a, make my bed, make an, making a, keep a,
            keeping a, set a, set boundaries, setting boundaries, setting a, name five, name three,
            count to, count my, count backwards, note down, noting down, leave the house, have lunch,
            have dinner, have breakfast, have coffee, have a conversation, help out, step outside, buy
        """),
        vague=phrases("""
            do better, do well, do more, do less, do something, do things, do anything, do it, do my best,
            do good, do okay, do ok, do fine, doing better, doing well, doing something, doing things,
            doing okay, doing ok, do not, take it easy, take care, take things, take control, take charge,
            take on, take over, take up less, the rest, rest of, rest easy, eat better, eat well,
            eat healthier, eat healthy, run out, run away, running out, running away, run my life,
            used to, use it, open up, be open, being open, more open, meet my goals, play a role,
            talk myself, telling myself, call myself, make a change, make a difference, go to pieces,
            set a goal, keep a grip, keep a lid, speak my truth, spend less, read into, by text
        """),
        stopping=phrases("""
            stop, stop being, stop always, stopping, quit, quitting, avoid, avoid being, avoiding,
            give up, giving up, cut down on, cut back on, cut out, no longer, get rid of, without, dont,
            not
        """),
        less=words("less fewer"),
        small=SMALL | words("twice thrice"),
    ),
    counts=CountWords(
        numbers=NUMBERS,
        often=phrases("""
            twice, thrice, daily, weekly, nightly, hourly, monthly, once a, once per, once each,
            once every, once daily, once weekly, every day, each day, every night, each night,
            every morning, each morning, every afternoon, each afternoon, every evening, each evening,
            every week, each week, every month, each month, every weekday, each weekday, every weekend,
            each weekend, every other day, every monday, every tuesday, every wednesday, every thursday,
            every friday, every saturday, every sunday, each monday, each tuesday, each wednesday,
            each thursday, each friday, each saturday, each sunday, on mondays, on tuesdays,
            on wednesdays, on thursdays, on fridays, on saturdays, on sundays, on weekdays, on weekends,
            an hour, half an hour, a mile, every meal, each meal, every lunch, every session
        """),
        nothing=phrases("""
            one day, no one, one of, one another, each one, this one, that one, the one, one thing,
            one by one, day one, number one, one step at a time, one day at a time, step one, one who,
            one that, any one, every one, some one, one i, one can, half of me, half the, half my,
            half as, a hundred percent
        """),
        units=words("""
            time times minute minutes min mins hour hours hr hrs second seconds page pages step steps mile
            miles kilometre kilometres kilometer kilometers km lap laps rep reps breath breaths glass
            glasses meal meals day days night nights morning mornings evening evenings week weeks month
            months weekday weekdays weekend weekends walk walks session sessions exercise exercises
            percent per line lines word words daily weekly nightly monthly monday tuesday wednesday
            thursday friday saturday sunday
        """),
        filling=words("a an per each every in of the out"),
        owners=words("my our your his her their these those all both"),
        clock=words("at by before after until till around since age aged past"),
        after_clock=words("am pm oclock st nd rd th") | MONTHS - words("may march"),
        levels=words("to a from under below above least most than reach"),
        scales=phrases("""
            out of ten, out of 10, of ten, of 10, on a scale, out of five, out of 5
        """),
        small=SMALL
        | words("""
            i you he she it we they us me my is are was were be been not have has had
        """),
    ),
    reasons=ReasonWords(
        reasons=phrases("""
            because, so that, so i, so we, so my, in order to, in order that, since it, as it helps,
            it matters, matters to me, important to me, means a lot, i care about, which helps,
            that helps, it helps, this helps, it will help, this will help, will help me, helps me,
            to help me, helping me, for my health, for my family, for my kids, for my children,
            for my child, for my daughter, for my son, for my partner, for my wife, for my husband,
            for my mother, for my father, for my mom, for my mum, for my dad, for my parents,
            for my sister, for my brother, for my friends, for my marriage, for my relationship,
            for my future, for my recovery, for my body, for my mind, for my peace of mind,
            for my wellbeing, for my well being, for my sanity, for myself, for me, for the sake of,
            as a way to, with the aim of
        """),
        leads=words("to"),
        wanting=words("""
            want wants wanted like love need needs needed plan plans going go try trying tries hope hoping
            wish able learn learning start starting begin beginning have has had continue keep ready used
            how aim aiming intend decided decide commit committed promise goal remember ability willing
            afraid hard easier easy due up way back close get come
        """),
        purposes=words("""
            accept achieve address avoid balance be become break build calm care change clear combat come
            connect control cope create deal decrease develop ease enjoy express face fall feel fight find
            focus forgive gain get grow handle have heal help improve increase keep learn lessen let live
            lose lower maintain make manage meet move notice overcome prevent process protect reach
            rebuild reconnect recover reduce reflect regain regulate release relieve remind reset rest
            sleep slow soothe spend stay stop strengthen take think trust understand unwind
        """),
        endings=(),
        no_purposes=words(""),
        wishes=phrases("""
            feel less, feel more, feel better, feel calm, feel calmer, feel good, feel great, feel happy,
            feel happier, feel safe, feel safer, feel at ease, feel at peace, feel confident, feel strong,
            feel stronger, feel like myself, feel okay, feel ok, feel connected, feel in control,
            feeling less, feeling more, feeling better, be less, be more, be happy, be happier, be calm,
            be calmer, be at peace, be free of, be confident, be stronger, be kinder, have more energy,
            have less, worry less, enjoy
        """),
        small=words("""
                over for until till by before during within in at on every each when while and from twice
                daily
            """),
    ),
    ends=EndWords(
        lasting=words("over for during within in throughout across through"),
        bounding=phrases("""
          by, until, till, before, no later than, up to, through to, between now and, ending
      """),
        between=words("""
      the about around at least to my our of end middle mid start beginning early late full or
  """),
        naming=words("next coming following this a an one first last rest half"),
        named_after=phrases("from now, ahead, to come, from today"),
        periods=PERIODS,
        months=MONTHS,
        seasons=words("spring summer autumn fall winter term semester holidays vacation"),
        ordinal=words("of st nd rd th the"),
        days=WEEKDAYS
        | words("""
            tomorrow tonight christmas easter thanksgiving halloween ramadan eid hanukkah diwali birthday
            wedding graduation exam exams finals holiday trip move appointment session anniversary
        """),
        alone=phrases("""
            this week, this month, this year, this weekend, this summer, this winter, this spring,
            this autumn, this fall, this term, this semester, tomorrow, tonight, today,
            the end of the month, the end of the year, the end of the week, the next month, the next week,
            the next year
        """),
    ),
    questions=Questions(
        action="What is one thing that you could do, so that somebody looking on could see you do it?",
        instead="What would you like to do instead, so that somebody looking on could see you do it?",
        how_much="How much, or how often? So many times a day or a week, minutes, or a number from 0 to 10.",
        enough="Which number would be enough for you?",
        on_the_scale="A rating goes from 0 to 10. Which number on it would be enough for you?",
        more_than_none="A count begins at 1. Which number would be enough for you?",
        confidence="From 0 to 10, how confident are you that you can do this?",
        smaller="What would make it smaller, so that you feel more confident?",
        why="Why does this matter to you?",
        by_when="By when? A day will do, or how long, such as over the next month.",
        end_after_start="The end comes after the start. Which day would suit you?",
        within_a_year="A goal lasts 12 months at most. Which nearer day would suit you?",
    ),
)
