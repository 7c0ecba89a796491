"""Spanish, as far as a goal's wording goes: words as an eye reads them, without case and accents."""

from __future__ import annotations

from services.goals.rules.wording.action import ActionWords
from services.goals.rules.wording.count import CountWords
from services.goals.rules.wording.ending import EndWords
from services.goals.rules.wording.language import Language, Questions, phrases, words
from services.goals.rules.wording.reason import ReasonWords

COMMON = words("""
    el la los las y mi mis yo para con en de del al que quiero un una por o cuando cada dia semana mes
    minutos veces sentir sentirme mas menos mejor sobre como es ser esto hasta antes durante voy
""")
AR = words("""
    abraz acompan acost agend anot apag apunt bail camin cant cen cepill charl cocin colabor compr convers
    contest cruz dedic desayun descans despert dibuj ejercit ensay entren envi escuch estir estudi explic
    expres firm fotografi grab habl invit lav levant limpi llam llev mand masaje medit mir nad not observ
    orden pase patin pint planch plant practic pregunt prepar present program rec redact regal registr
    respir rez salud sent tom toc tumb us viaj visit
""")
ER_IR = words("""
    abr acud asist barr beb com compart corr cos describ discut escrib le prend respond sal sub vend
""")
IRREGULAR = words("""
    hacer hago haciendo hare salgo saldre decir digo diciendo dire pedir pido pidiendo pedire leyendo
    poner pongo poniendo jugar juego jugando jugare dar doy dando dare almorzar almuerzo almorzando
    acostarme acuesto despierto vestirme visto tender tiendo colgar cuelgo contar cuento contando regar
    riego ver negarme oir oyendo traer traigo reunirme reuno practicare
""")
THINGS = words("""
    yoga meditacion meditaciones ejercicios respiraciones estiramientos caminata caminatas paseo paseos
    diario gimnasio flexiones sentadillas pilates tareas natacion relajacion
""")
NUMBERS = words("""
    dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis veinte
    treinta cuarenta cincuenta sesenta noventa cien media
""")
MONTHS = words("""
    enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
""")
WEEKDAYS = words("lunes martes miercoles jueves viernes sabado domingo")
PERIODS = words("""
    dia dias semana semanas quincena mes meses trimestre semestre ano anos
""")
SMALL = words("""
    a al el la los las un una unos unas de del y o pero porque cuando mientras despues antes durante hasta
    en con por cada para si que como sobre mi mis todos todas
""")
PRONOUNS = ("", "me", "se", "lo", "la", "le", "les", "los", "las", "nos")


def _regular(stem: str, vowel: str) -> set[str]:
    """caminar, caminarme, caminando, camino, caminare."""
    endings = ("ar", "ando", "are") if vowel == "a" else ("er", "ir", "iendo", "ere", "ire")
    infinitives = {stem + ending + p for ending in endings if ending.endswith("r") for p in PRONOUNS}
    return infinitives | {stem + ending for ending in endings} | {stem + "o"}


_ALSO_OTHERWISE = words("como siento sento sale salo leo rio")
"""They look like a form of these, and say something else: how, I feel."""

SPANISH = Language(
    common=COMMON,
    numbers=NUMBERS,
    actions=ActionWords(
        doing=frozenset().union(
            *(_regular(stem, "a") for stem in AR), *(_regular(stem, "e") for stem in ER_IR)
        )
        - _ALSO_OTHERWISE
        | IRREGULAR
        | THINGS
        | words("leo"),
        showing=phrases("""
            ir a, ir al, ir de, salir a, salir de casa, salir de la cama, salir al, decir que no,
            decir no, decir que si, dar un paseo, dar una vuelta, hacer la cama, poner limites,
            poner un limite, pongo limites, ponerme de pie, quedar con, quedo con, montar en, levantarme
        """),
        vague=phrases("""
            hacer algo, hacer mas, hacer menos, hacer lo mejor, hacer lo que pueda, hacer las cosas,
            hacer cosas, hacer un cambio, hacer cambios, hacer bien, hacer frente, hacer caso, hacer que,
            salir adelante, salir de esto, salir de la, salir del, dar lo mejor, dar igual, dar un giro,
            tomar las cosas, tomar el control, tomar control, tomar decisiones, tomar conciencia,
            contar con, ver las cosas, verme, ver el lado, ver como, llevar mejor, llevarme bien,
            llevarme mejor, llevar las cosas, comer mejor, comer bien, comer sano, mirar hacia adelante,
            mirar adelante, por medio, no se, sentarme bien, ir a mejor, ir a peor, hablarme, expresarme,
            usar menos, presentarme ante, sobre todo, tal como, toco fondo, noto que, noto como, presento,
            observo que, vivo
        """),
        stopping=phrases("""
            dejar de, dejo de, dejare de, dejando de, parar de, no volver a, evitar, evito, evitando,
            abandonar, sin, quitarme, ya no, no
        """),
        less=words("menos"),
        small=SMALL - words("de"),
    ),
    counts=CountWords(
        numbers=NUMBERS,
        often=phrases("""
            a diario, diariamente, semanalmente, cada dia, cada noche, cada manana, cada tarde,
            cada semana, cada mes, cada lunes, cada martes, cada miercoles, cada jueves, cada viernes,
            cada sabado, cada domingo, cada fin de semana, todos los dias, todas las noches,
            todas las mananas, todas las tardes, todas las semanas, todos los lunes, todos los martes,
            todos los miercoles, todos los jueves, todos los viernes, todos los sabados,
            todos los domingos, una vez al, una vez a la, una vez por, una vez cada, una hora, un minuto,
            un kilometro, los lunes, los martes, los miercoles, los jueves, los viernes, los sabados,
            los domingos, entre semana, en cada comida
        """),
        nothing=phrases("""
                a medias, por mi cuenta, media naranja, cien por cien, una vez que,
                tres cuartos de lo mismo
            """),
        units=words("""
            vez veces minuto minutos min hora horas segundo segundos pagina paginas paso pasos kilometro
            kilometros km vuelta vueltas repeticion repeticiones respiracion respiraciones vaso vasos
            comida comidas dia dias noche noches manana mananas tarde tardes semana semanas mes meses
            caminata caminatas sesion sesiones ejercicio ejercicios linea lineas palabra palabras lunes
            martes miercoles jueves viernes sabado sabados domingo domingos diario diarias diarios fin
        """),
        filling=words("a al la el por cada de en todos todas los las"),
        owners=words("mis tus sus nuestros nuestras mi los las ambos estos estas esos esas"),
        clock=words("las la desde hasta antes para hacia sobre tengo"),
        after_clock=words("am pm") | MONTHS,
        levels=words("a un de bajo menos mas minimo maximo"),
        scales=phrases("""
            sobre diez, sobre 10, de 10, de diez, en una escala, de 0 a 10, del 0 al 10
        """),
        small=SMALL
        | words("""
            yo tu el ella nosotros es son era fue ser estar me se he ha tengo quiero
        """),
    ),
    reasons=ReasonWords(
        reasons=phrases("""
            porque, ya que, puesto que, para que, para mi, para mis, por mi, por mis, por nuestra,
            por nuestro, para nuestra, para nuestro, a fin de, con el fin de, con la idea de,
            con el objetivo de, de modo que, de manera que, asi puedo, asi podre, asi me, me importa,
            es importante para mi, me ayuda, me ayudara, que me ayude, significa mucho
        """),
        leads=words("para"),
        wanting=words("listo lista preparado preparada tiempo"),
        purposes=words("ser estar"),
        endings=(
            "ar",
            "er",
            "ir",
            "arme",
            "erme",
            "irme",
            "arse",
            "erse",
            "irse",
            "arlo",
            "arla",
            "erlo",
            "erla",
            "irlo",
            "irla",
            "arles",
            "arnos",
            "ernos",
            "irnos",
            "arle",
            "arlos",
            "arlas",
        ),
        no_purposes=words("""
            ayer lugar hogar mujer placer taller bienestar par mar bar familiar escolar
        """),
        wishes=phrases("""
            sentirme menos, sentirme mas, sentirme mejor, sentirme bien, sentirme tranquilo,
            sentirme tranquila, sentirme segura, sentirme seguro, sentirme feliz, sentirme en paz,
            sentirme en calma, sentirme yo, sentirme conectada, sentirme conectado, sentir menos,
            sentir mas, estar menos, estar mas, estar mejor, estar bien, estar tranquilo, estar tranquila,
            estar en paz, estar en calma, ser mas, ser feliz, tener mas energia, tener menos,
            preocuparme menos, disfrutar
        """),
        small=words("""
            durante hasta antes en por cada todos todas cuando mientras y desde dos tres cuatro cinco una
            dentro a al
        """),
    ),
    ends=EndWords(
        lasting=words("durante por en dentro"),
        bounding=phrases("""
            hasta, antes de, antes del, para, a mas tardar, como muy tarde, de aqui a, de aqui al,
            al final de, al final del, a finales de, a fin de, al terminar, al acabar
        """),
        between=words("""
            el la los las de del al fin final finales principios mediados mi mis unos unas menos a todo
            toda cerca
        """),
        naming=words("""
                proximo proxima proximos proximas siguiente siguientes este esta estos estas un una unos
                unas ese
            """),
        named_after=phrases("""
            que viene, que vienen, siguiente, siguientes, proximo, proximos, entrante, mas
        """),
        periods=PERIODS,
        months=MONTHS,
        seasons=words("verano otono invierno primavera curso vacaciones"),
        ordinal=words("de del"),
        days=WEEKDAYS
        | words("""
            navidad navidades pascua reyes nochevieja cumpleanos boda graduacion examen examenes viaje
            mudanza cita sesion aniversario
        """),
        alone=phrases("""
            este mes, esta semana, este ano, este verano, este invierno, este otono, esta primavera,
            este curso, este trimestre, hoy, el mes que viene, la semana que viene, el ano que viene,
            el proximo mes, la proxima semana, el proximo ano, fin de mes, fin de ano, finales de mes,
            finales de ano
        """),
    ),
    questions=Questions(
        action="¿Qué cosa concreta podrías hacer, de modo que alguien que mirara pudiera verlo?",
        instead="¿Qué te gustaría hacer en su lugar, de modo que alguien que mirara pudiera verlo?",
        how_much="¿Cuánto, o cada cuánto? Tantas veces al día, tantos minutos, o un número del 0 al 10.",
        enough="¿Qué número sería suficiente para ti?",
        on_the_scale="Una valoración va del 0 al 10. ¿Qué número sería suficiente para ti?",
        more_than_none="Se cuenta desde 1. ¿Qué número sería suficiente para ti?",
        confidence="Del 0 al 10, ¿cuánta confianza tienes en que puedes hacerlo?",
        smaller="¿Qué lo haría más pequeño, para que sientas más confianza?",
        why="¿Por qué te importa esto?",
        by_when="¿Para cuándo? Basta un día, o cuánto tiempo, como durante el próximo mes.",
        end_after_start="El final va después del comienzo. ¿Qué día te vendría bien?",
        within_a_year="Una meta dura como mucho 12 meses. ¿Qué día más cercano te vendría bien?",
    ),
)
