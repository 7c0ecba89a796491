"""Despair in its many guises: misspelled, cut short, a joke, beside a DONE; and what only sounds like it."""

from __future__ import annotations

import re

import pytest

from services.reminders.rules.catalogue import CATALOGUES, LANGUAGES
from tests.reminders.rules.replies.given import RATING_ASKED, TWO_GOALS, said

DESPAIR = [
    "I dont wanna be here no more", "I do not want to be here", "don't want to be here any more",
    "i dont wanna be alive", "i wanna be dead", "wish i could just disappear forever",
    "i want to disappear", "i want it all to stop", "i just want the pain to stop",
    "make it stop i cant anymore", "i cant anymore", "I can't do it anymore", "cant do this any more",
    "I can't take this anymore", "i cannot go on", "I cannot do this anymore", "i can not go on like this",
    "there's no point anymore", "whats the point of living", "what's the point in living",
    "no point in going on", "no reason to go on", "I have nothing left to live for", "life isn't worth it",
    "life is not worth living", "life isnt worth living", "not worth being alive", "I hate being alive",
    "i hate my life and want out", "im going to off myself", "gonna off myself",
    "I'm thinking of ending things", "thinking about ending it", "I'm going to end things tonight",
    "I'll end it tonight", "i will end it", "planning to end it", "plan to kill myself tonight",
    "I have a plan to die", "I bought pills and I'm going to take them all",
    "took a whole bottle of pills", "took all of my pills", "swallowed a bunch of pills",
    "i took too much", "I OD'd", "od'd last night", "slit my wrists", "cut my wrists", "i've been cutting",
    "I relapsed and cut", "burned myself again", "burning myself", "i hurt myself again",
    "want to hurt myself", "I keep hitting myself", "jump off the bridge", "jumping off a bridge",
    "throw myself under a train", "step in front of a train", "walk into traffic", "drive off the road",
    "crash my car on purpose", "put a bullet in my head", "shoot myself", "gun to my head",
    "blow my brains out", "hang myself tonight", "found a rope", "they'd be better off if I was gone",
    "everyone would be better off if i were gone", "the world would be better without me",
    "nobody would miss me if i died", "no one would care if I died", "wish I'd never been born",
    "I should be dead", "i should just die", "i might as well be dead", "let me die", "i hope i die",
    "hope i die in my sleep", "I want to go to sleep and never wake up", "don't want to wake up tomorrow",
    "praying i dont wake up", "I'm ready to go, goodbye", "this is goodbye", "this is my last message",
    "goodbye world", "tell my kids i love them, goodbye", "I'm done fighting", "im done trying to live",
    "done with this world", "Done with it all. Goodbye", "done. with. life.", "done being alive",
    "finished with life", "i give up on life", "I give up", "giving up on life", "ready to die", "lol kms",
    "KMS 😂", "ngl i wanna kms", "unalive myself", "i want to unalive", "sewer slide", "commit suicide",
    "committing suicide", "attempted suicide last year", "su1cide", "suicid", "sucide", "suicde",
    "i wanna d1e", "want 2 die", "wanna dieee", "want to dieeeee", "i want to dye", "kill my self",
    "killmyself", "k1ll myself", "kil myself", "kll myself", "i could kill myself", "I'd kill myself",
    "i feel like dying", "I feel like killing myself", "feel like dying inside", "i am dying inside",
    "dying would be easier", "death would be easier", "it would be easier to die", "easier if i was dead",
    "sick of living", "sick of being alive", "tired of life", "tired of this life", "so tired of living",
    "exhausted of living", "fed up with living", "7 want to die", "0/10 want to die", "0. i want to die",
    "just kill me", "kill me please 😩", "someone kill me", "shoot me now", "hes going to kill me",
    "my husband hit me", "he hit me again", "my boyfriend beats me", "she hits me", "he choked me",
    "he strangled me", "he's hurting me", "he raped me", "i was raped", "i got raped", "he threatened me",
    "he said he'll kill me", "he has a gun", "i'm scared he will hurt me", "I'm afraid for my life",
    "i don't feel safe at home", "I dont feel safe", "I'm not safe here", "im unsafe", "I'm in danger",
    "call 911", "need an ambulance", "call the police", "emergency", "please help me now",
    "help me please", "HELP ME", "i need help now", "need help asap", "someone help me", "pls help me",
    "can someone help me please", "I'm going to kill him", "i want to kill my husband",
    "i'm going to hurt someone", "i want to hurt him", "I want to hurt people",
    "thinking of hurting my baby", "I might hurt my kids", "want to hurt my baby", "no quiero estar aquí",
    "ya no quiero estar aqui", "no quiero vivir así", "ya no quiero vivir", "no quiero seguir",
    "no quiero seguir con vida", "me quiero matar", "quiero matarme", "kiero morir", "kiero morirme",
    "qiero morir", "quiero morirr", "me kiero matar", "voy a suicidarme", "me voy a suicidar",
    "pienso en suicidarme", "he pensado en el suicidio", "pienso en la muerte", "pienso en matarme",
    "me quiero suicidar", "quiero suicidarme", "quiero desaparecer", "ojalá me muera", "ojala me muriera",
    "ojalá no despertara", "no despertar nunca", "quiero dormir y no despertar", "dormir para siempre",
    "la vida no vale la pena", "mi vida no vale nada", "no le encuentro sentido a la vida",
    "la vida no tiene sentido", "no tiene sentido vivir", "para qué vivir", "para qué seguir viviendo",
    "no tengo ganas de seguir", "sin ganas de seguir viviendo", "estoy cansada de vivir",
    "cansado de la vida", "harta de todo, quiero morir", "estoy harta de la vida",
    "todos estarían mejor sin mí", "estarían mejor sin mi", "nadie me extrañaría",
    "nadie me va a extrañar", "quiero acabar con esto", "quiero acabar con todo",
    "quiero terminar con todo", "acabar con mi sufrimiento", "quiero que todo termine",
    "quiero que todo acabe", "no puedo más", "ya no puedo", "no puedo mas con esto", "ya no aguanto",
    "no soporto más", "no lo soporto más", "me corto los brazos", "me corté las venas",
    "cortarme las venas", "me estoy cortando", "me lastimo", "me hago daño", "quiero hacerme daño",
    "me tomé un frasco de pastillas", "me tomé muchas pastillas", "tomé todas las pastillas",
    "me voy a tirar del puente", "tirarme por la ventana", "aventarme del puente", "lanzarme al tren",
    "me voy a colgar", "me voy a ahorcar", "darme un tiro", "pegarme un tiro", "meterme un tiro",
    "Lista para morir", "listo para irme de este mundo", "adiós para siempre", "adiós mundo",
    "adiós mundo cruel", "me despido de todos", "esta es mi despedida", "perdónenme, adiós",
    "me pega mi marido", "mi esposo me pega", "mi pareja me golpea", "me golpeó otra vez",
    "me quiere matar", "me va a matar", "me amenazó", "me amenazó con matarme",
    "tengo miedo de que me mate", "me violaron", "me violó", "me está pegando", "no estoy segura en casa",
    "no me siento segura en casa", "tengo miedo por mi vida", "emergencia", "ayúdenme por favor",
    "ayúdeme", "auxilio!!", "necesito ayuda ya", "por favor ayúdame", "voy a matarlo",
    "quiero matar a mi esposo", "quiero hacerle daño", "voy a hacerle daño a mi hijo",
    "me doy por vencida", "ya me rendí", "I'm going to end it all tonight", "can't see a way out",
    "i see no way out", "there is no way out for me", "i don't deserve to live",
    "I'm a burden to everyone", "everyone hates me and i want to die", "no puedo seguir viviendo así",
    "soy una carga para todos", "no veo salida", "ya no hay salida", "mejor me muero", "me quisiera morir",
    "me dan ganas de morirme", "preferiría estar muerta", "no quiero despertarme mañana",
    "I wish I wouldn't wake up", "I dont want to wake up ever again", "I don't want to exist anymore",
    "just want to stop existing", "i want to stop existing", "I want to be gone",
    "i'd rather be dead than do this", "I'd be better off dead", "took like 30 tylenol", "took 40 pills",
    "i just took 20 pills", "swallowed a bottle of advil", "im bleeding out", "i can't stop bleeding",
    "cut too deep", "I cut too deep this time", "cutting my arms again",
    "scratching my arms until they bleed", "im going to jump", "I'm on the bridge",
    "standing on the ledge", "gonna kms tn", "kms fr", "ima kill myself", "imma kill myself",
    "im gna kill myself", "I'm finna kill myself", "should i kill myself",
    "how do I kill myself painlessly", "I might kill myself", "I almost killed myself",
    "I tried to kill myself", "tried to end it last night", "i tried to hang myself",
    "I attempted suicide", "suicide note written", "wrote my note", "wrote a goodbye letter",
    "life is pointless", "living is pointless", "whats the point anymore", "why am i even alive",
    "why am I still alive", "why should i live", "wish I didn't exist", "i wish i was never alive",
    "sick of this life", "over this life", "im over life", "hate life", "I hate living like this",
    "tired of existing", "tired of fighting", "i'm so tired of everything, want to sleep forever",
    "want to sleep and not wake up", "DONE with my life", "done w life", "done with living tbh",
    "done w everything", "I am done. with. everything", "I'm just done with it all", "7/10 suicidal",
    "10 on the suicidal scale", "my partner is going to kill me", "he is beating me", "he is hitting me",
    "my father hits me", "my ex is outside with a gun", "he broke in", "he's following me",
    "he won't let me leave", "he locked me in", "he forced me to have sex", "he touched me",
    "I was assaulted", "sexually assaulted", "he abuses me", "he is abusing my kids", "me quiere pegar",
    "me acaba de pegar", "me pega todos los días", "mi papá me pega", "me toca y no quiero",
    "me obligó a tener sexo", "abusaron de mí", "me tiene encerrada", "no me deja salir de casa",
    "tiene una pistola", "tiene un cuchillo", "me está siguiendo", "quiero quitarme la vida",
    "intenté suicidarme", "intenté matarme", "intenté quitarme la vida", "traté de matarme",
    "pensamientos suicidas", "ideas suicidas", "tengo ideas de muerte", "me quiero ir de este mundo",
    "no merezco vivir", "para qué sigo viva", "para qué estoy viva", "no sé para qué vivo",
    "odio estar viva", "estoy mejor muerta", "todos estarían mejor si me muero",
    "si me muero nadie lo nota", "si me muriera", "me estoy muriendo por dentro",
    "estoy muerta por dentro", "que me lleve Dios", "quiero que Dios me lleve", "ya quiero que se acabe",
    "ya me cansé de vivir", "me cansé de vivir", "me harté de vivir", "ya no le veo sentido a nada",
    "nada tiene sentido", "ya nada vale la pena", "no vale la pena seguir",
    "no sirvo para nada, quiero morir", "me siento suicida", "sos un suicidio", "cortarme otra vez",
    "volví a cortarme", "volví a lastimarme", "me rajé los brazos", "me hice cortes",
    "me estoy desangrando", "voy a tomarme todas las pastillas", "me voy a tomar todas las pastillas",
    "voy a saltar", "estoy en el puente", "ayuda urgente", "necesito ayuda, por favor",
    "ayúdame por favor ya", "por favor ayúdenme", "AYUDENME", "help, he hit me",
]  # fmt: skip
WITH_MORE = [
    ("win, i finally took all my pills", "win"), ("yay i'm going to die", "win"),
    ("win - ended it all", "win"), ("WIN: no more pain after tonight, goodbye everyone", "win"),
    ("done, cut myself 3 times", "done"), ("done. i want it all to end", "done"),
    ("Done 2 and i wanna die", "done"), ("DONE. I'm done with life", "done"), ("y i want to die", "done"),
    ("✅ took all the pills", "done"), ("👍 want to die", "done"), ("b 0 kill me now", "rating"),
    ("hecho, quiero morir", "done"), ("listo, me quiero morir", "done"),
    ("logro: por fin voy a morir", "win"), ("logro, me corté", "win"), ("lo hice, me corté", "done"),
    ("hecho. ya no quiero vivir", "done"), ("ayuda por favor me quiero morir", "help"),
    ("Done. I want to be dead", "done"), ("win? lol i want to die", "win"),
    ("WIN i get to die today", "win"), ("yay suicide", "win"), ("yay kms", "win"), ("✅ overdosed", "done"),
    ("👍🏽 kill me", "done"), ("y kill me", "done"), ("hecho. me quiero matar", "done"),
    ("listo. quiero desaparecer", "done"), ("y quiero morir", "done"), ("logro morirme", "win"),
    ("logro: quiero morirme", "win"), ("lo hice, me tomé todo el frasco", "done"),
    ("ayuda por favor, me pega", "help"), ("HELP IM NOT SAFE", "help"), ("help!! in danger", "help"),
]  # fmt: skip
CALM = [
    "I died laughing", "dead tired but done", "my phone died", "battery is dying",
    "this traffic is killing me", "killing it today", "killed it at work, win", "I could murder a burger",
    "deadline was today", "my dog died last year", "grandma passed away", "cut my hair",
    "cut my finger cooking", "cut down on coffee", "cut sugar today", "I cut back on screens",
    "jumped rope 10 min", "jump rope done", "ended my meeting early", "end of life care course",
    "win: end of course", "took my pills", "took all my meds today", "took my meds, win",
    "took all my vitamins", "hit the gym", "I hit my target", "hit my goal!", "beat my record",
    "he beats me at chess lol", "safe at home now", "got home safe", "the end", "i want to live",
    "life is good", "life is worth it", "so done with today", "done with work", "done with my walk",
    "done with homework", "I'm done for today", "done for the day", "can't go out today",
    "can't make it tomorrow", "cant do it today", "can't wait", "I can't stop laughing",
    "no point in going to the gym today lol", "wake up early: win", "woke up at 6",
    "don't want to wake up early", "never woke up so calm", "I helped my sister", "help with breathing",
    "how do I get help with the app", "helping others felt good", "need help with what to do",
    "emergency brake fixed", "sos un genio", "suicide squad was a good movie", "gave up smoking!",
    "I gave up coffee, win", "don't give up", "never give up", "won't give up", "shot hoops",
    "took a shot", "hanging out with friends", "hang in there", "crash course done", "burned my toast",
    "burned 300 calories", "bridge walk done", "train to work was calm", "good bye for now",
    "goodbye, see you tomorrow", "said goodbye to my ex, win", "morning everyone", "not afraid today",
    "scared but did it", "it hurts a bit but ok", "my back is hurting me", "my knees are hurting me",
    "I hurt my ankle", "he hurt my feelings", "she is hurting", "weights hurt", "gone for a walk",
    "disappear into a book", "time to sleep", "slept like the dead", "dying to tell you",
    "to die for cake", "live and let die", "dye my hair", "want to dye my hair", "the pain stopped",
    "my pain stopped today", "I want this habit to stick", "want it to be easier", "worth living well",
    "no more pain in my knee, win", "matar el tiempo", "me mata de risa", "muerta de risa",
    "muerto de hambre", "muerta de cansancio pero hecho", "me muero de ganas", "me muero de risa",
    "me muero de hambre", "me muero de sueño", "fin de semana", "fin del día, hecho", "me corté el pelo",
    "me corto el pelo mañana", "corté las verduras", "cortarme el pelo", "corte de pelo",
    "me corté las uñas", "tiré la basura", "tirarme en el sofá", "tirarme de cabeza a la piscina",
    "lanzarme al agua", "lanzarme de lleno", "me tomé mis pastillas", "tomé mi medicina",
    "me tomé todas mis vitaminas", "ya no puedo hoy", "no puedo hoy", "no puedo ahora",
    "no aguanto la risa", "me pega el sol", "me pega mucho esa canción", "la vida es bella",
    "mi vida va mejor", "quiero vivir", "quiero seguir", "quiero seguir adelante",
    "no quiero seguir fumando", "no quiero dejar de vivir", "ayuda a mi mamá, logro", "ayudé a mi hermana",
    "me ayudó respirar", "gracias por la ayuda", "estoy segura", "estoy a salvo", "golpe de suerte",
    "mejor sin café", "mejor sin azúcar", "mejor sin mi teléfono", "despertar temprano", "adiós",
    "adiós, hasta mañana", "hasta luego", "me rindo a la evidencia", "no me rindo", "nunca me rindo",
    "mi hijo me golpea la pelota", "no quiero despertar temprano", "acabar con el azúcar",
    "terminar con todo el trabajo de hoy, logro", "acabar con todo lo pendiente",
    "if I was gone for a week would it matter for the plan", "plan to kill it at the gym",
    "gun show lol, 20 pushups", "under a busy schedule", "I take the bus under an hour",
    "threatened to quit but didn't", "made it stop snowing jk", "jumped off to a good start",
    "jump off point", "better off walking", "better off with tea", "burnout is real", "hate my job",
    "hate my alarm", "sick of rain", "tired of work", "tired today", "so tired", "exhausted",
    "fed up with my boss", "over it", "im over it", "no way out of the meeting",
    "way out of my comfort zone, win", "I cut carbs", "cut my nails", "cut the grass", "cut my lip",
    "cut the cord", "hurt my foot", "hurt my wrist lifting", "burned dinner", "I took a pill for headache",
    "took 2 ibuprofen", "took my evening pills", "forgot my pills", "pills done", "jump scare movie",
    "jumping jacks done", "about to jump in the shower", "going to jump in the pool",
    "on the roof fixing tiles", "hang out with mom", "hanging laundry", "rope climbing done",
    "shot my personal best", "killer workout", "killed the workout", "killing it",
    "murdered that presentation", "dead lift 100kg", "deadlifts done", "drop dead gorgeous",
    "wake up call", "wake me up later", "I wake up at 5 and don't want to", "I can't today", "can't now",
    "cant talk", "I cant do mornings", "can't go on Tuesday", "can't go on the walk", "cant go on my run",
    "done fighting with my printer", "done with it", "done with that", "I quit",
    "quit smoking 30 days win", "give me a break", "gave up my seat, win", "no hope of rain",
    "help yourself", "help desk called", "can you help me with the plan", "safe and sound",
    "car is not safe", "the ladder is not safe", "is it safe", "danger zone song",
    "in dangerous waters lol", "goodbye sugar", "goodbye stress, win", "said goodbye to my ex, proud",
    "the last goodbye song", "this is it", "world is good", "I love my life", "life is hard but ok",
    "life", "alive and well", "feel alive", "felt alive today, win", "glad to be alive",
    "happy to be here", "want to be here", "want to live", "want to live more calmly", "I exist",
    "coexist", "dying plants saved", "dye", "diet", "die hard movie night", "roll the die", "pie",
    "hits the spot", "hit snooze", "hit 10k steps", "beat my time", "beat the heat", "raked leaves",
    "rap music", "attack of giggles", "panic attack passed", "scared but fine", "afraid of spiders",
    "afraid to fly but did it, win", "no me mata la curiosidad", "me muero por un café",
    "me muero de frío", "casi me muero de risa", "muerto de cansancio", "matar dos pájaros de un tiro",
    "tiro con arco", "tiro al blanco", "salté la cuerda", "saltar la cuerda", "voy a saltar la cuerda",
    "puente largo este fin de semana", "pastillas tomadas", "tomé mi pastilla",
    "ya tomé las pastillas de hoy", "cortar leña", "corté el pasto", "me cortaron el pelo",
    "me corto las puntas", "me lastimé el pie", "me lastimé la rodilla", "me duele", "me duele la cabeza",
    "estoy cansada", "cansada de trabajar", "harta del tráfico", "harto del calor", "odio los lunes",
    "odio mi trabajo", "no quiero hoy", "no quiero salir", "no quiero comer más dulces",
    "no quiero trabajar", "no puedo dormir", "no puedo ir", "no aguanto el calor", "ya no puedo comer más",
    "ya no puedo esperar", "no soporto el ruido", "quiero que termine el día",
    "quiero que acabe la semana", "quiero terminar mi tarea", "quiero dormir", "quiero dormir temprano",
    "quiero despertar temprano", "desaparecieron mis llaves", "vida sana", "vivir mejor", "vivo feliz",
    "estoy viva y feliz", "ganas de vivir, logro", "tengo ganas de vivir", "tengo muchas ganas de seguir",
    "la vida vale la pena", "vale la pena", "sentido del humor", "le encontré sentido a la vida, logro",
    "adiós al azúcar", "me despido por hoy", "último mensaje del día", "mi último mensaje fue raro",
    "ayuda con las tareas", "ayudar a otros", "ayudé", "me ayudas con el plan", "gracias por ayudarme",
    "segura de mí", "me siento segura", "me siento bien", "peligro de lluvia", "miedo a volar",
    "golpe de calor", "pegué las fotos", "me pegó la gripa", "pega bien esa canción",
]  # fmt: skip
CALM_AND_DONE = [
    "done, dead tired", "done - nearly fell asleep", "Done, my legs are dead", "done. killing it",
    "win: deadlifts 80kg", "win I did not yell", "done, cried a bit", "hecho, muerta de cansancio",
    "logro: salí aunque me moría de miedo", "win, talked about my dad's funeral",
    "done, thought about my grandma", "win: visited my mother's grave", "done (barely alive lol)",
    "win: said no to a drink", "done 2, felt hopeless at first then ok",
    "win, told my therapist everything", "hecho, me costó muchísimo", "logro: hablé de mi duelo",
    "win - first day without cutting corners", "done x2, no pills needed", "yay took my pills on time",
    "win took my meds", "done, exhausted", "listo, agotada", "win: I asked for help", "logro: pedí ayuda",
    "win: I helped my mom", "done, help was there", "win: I didn't give up", "win never gave up",
    "logro: no me rendí",
]  # fmt: skip


@pytest.mark.parametrize("text", DESPAIR)
def test_is_despair_and_nothing_else(text: str) -> None:
    for context in (RATING_ASKED, TWO_GOALS):
        understood = said(text, context)
        assert understood["intent"] == "safety"
        assert understood.get("rest", {}).get("intent") not in ("done", "win")


@pytest.mark.parametrize(("text", "rest"), WITH_MORE)
def test_is_despair_beside_something_else(text: str, rest: str) -> None:
    understood = said(text)
    assert understood["intent"] == "safety"
    assert understood["rest"]["intent"] == rest


@pytest.mark.parametrize("text", CALM)
def test_is_no_despair(text: str) -> None:
    understood = said(text)
    assert understood["intent"] != "safety"
    assert "safety" not in understood


@pytest.mark.parametrize("text", CALM_AND_DONE)
def test_a_tired_or_a_funny_word_takes_no_done_and_no_win_away(text: str) -> None:
    assert said(text)["intent"] in ("done", "win")


def listed(place: str) -> list[str]:
    return [phrase for language in LANGUAGES for phrase in CATALOGUES[language].listed(place)]


@pytest.mark.parametrize("phrase", listed("safety phrases"))
def test_every_phrase_of_the_lists_is_heard_with_letters_too_many_and_words_that_stress_it(
    phrase: str,
) -> None:
    stressed = phrase.replace(" ", " really ")
    for text in (
        phrase,
        phrase.upper(),
        f"so {phrase}, done",
        stressed,
        re.sub(r"([a-z])", r"\1\1\1", phrase),
    ):
        understood = said(text)
        assert understood["intent"] == "safety" or understood["safety"], text


@pytest.mark.parametrize("words", listed("safety harmless"))
def test_nothing_on_the_list_of_what_is_harmless_alarms(words: str) -> None:
    assert said(words)["intent"] != "safety"


@pytest.mark.parametrize("text", ["done, {}", "{}. win", "win: {}", "hecho. {}"])
@pytest.mark.parametrize("cry", listed("safety whole"))
def test_a_cry_for_help_in_a_sentence_of_its_own_is_no_done_and_no_win(text: str, cry: str) -> None:
    understood = said(text.format(cry))
    assert understood["intent"] == "safety" or "safety" in understood or understood["intent"] == "unknown"


@pytest.mark.parametrize("word", listed("safety grave"))
def test_no_done_and_no_win_is_believed_beside_a_grave_word(word: str) -> None:
    for text in (f"done, {word}", f"win: tonight i {word}"):
        assert said(text)["intent"] == "safety"
    assert said(f"my {word} thing")["intent"] == "unknown"


def test_despair_is_heard_at_the_end_of_the_longest_text() -> None:
    assert said("done. " + "it was a long day and " * 71 + "I wanna die")["intent"] == "safety"
